package dev.sotto.coordination.protocol;

/**
 * What coordination remembers of a site.
 *
 * @param refused records under its key that were refused, forged ones included
 * @param strikes wrongs that its own signature or shares prove
 */
public record SiteStanding(long refused, long strikes) {
    /** A site never heard of. */
    public static final SiteStanding NEW = new SiteStanding(0, 0);

    SiteStanding refuse(boolean proven) {
        return new SiteStanding(refused + 1, proven ? strikes + 1 : strikes);
    }

    SiteStanding strike() {
        return new SiteStanding(refused, strikes + 1);
    }
}
