package dev.sotto.coordination.protocol;

/** A command that hands on what a site wrote; if it is refused, the site's function is told. */
public interface FromSite {
    /** The site's record. */
    SiteRecord record();
}
