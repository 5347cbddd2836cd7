package dev.sotto.simulation;

import dev.sotto.privacy.ReleaseNoise;
import dev.sotto.secagg.SiteId;
import java.util.Optional;

/** What goes wrong in a {@link ManySites}, above all at its sites: nothing unless it says so. Called by several threads. */
interface Mishap {
    /** Nothing at all. */
    Mishap NONE = new Mishap() {};

    /** Whether a site's process is killed at a point, to be started again. */
    default boolean kills(SiteId site, String point) {
        return false;
    }

    /** What a site finds again of bytes that it wrote under a name. */
    default Optional<byte[]> written(SiteId site, String name, byte[] bytes) {
        return Optional.of(bytes);
    }

    /** What aggregation adds instead of the noise. */
    default ReleaseNoise noise(ReleaseNoise honest) {
        return honest;
    }

    /** Whether a site dies before its answer for a round is out. */
    default boolean loses(SiteId site, int round) {
        return false;
    }
}
