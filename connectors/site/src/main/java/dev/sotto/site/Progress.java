package dev.sotto.site;

/** Told what a site does, on the site's thread. */
@FunctionalInterface
public interface Progress {
    /** Told nothing. */
    Progress NONE = event -> {};

    /** Something happened. */
    void on(SiteEvent event);
}
