package dev.sotto.privacy;

/** What stands between an exact sum and its publication: the noise of one slice of a release. */
public interface ReleaseNoise {
    /**
     * Adds the noise of this slice in place, mod 2^32, as a function of the sum and the context alone: a replay gives the identical result.
     *
     * @param exactSum the slice as summed, before any decoding; must not be noised twice
     */
    void addTo(int[] exactSum, NoiseContext context);
}
