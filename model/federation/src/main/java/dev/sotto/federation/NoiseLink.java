package dev.sotto.federation;

import dev.sotto.privacy.NoiseKey;
import dev.sotto.secagg.Hkdf;
import dev.sotto.secagg.RoundId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A link of the one-way chain that a site's noise components of one round come from: link k is the secret of component k, and the
 * next link is its HKDF. Whoever is told link k has the components from k on and learns nothing of those before.
 *
 * <p>The first link, of component 0, is never told and need not outlive the encoding. The link after the last component's commits to
 * all of them. Prints nothing of itself; not thread-safe while it is being closed.
 */
public final class NoiseLink implements AutoCloseable {
    /** Length of a link in bytes. */
    public static final int BYTES = 32;

    private static final String LABEL = "sotto/removal/v1/";

    private final RoundId round;
    private final int component;
    private final byte[] bytes;
    private boolean closed;

    private NoiseLink(RoundId round, int component, byte[] bytes) {
        this.round = round;
        this.component = component;
        this.bytes = bytes;
    }

    /** Draws the first link of a chain. */
    public static NoiseLink first(RoundId round, SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new NoiseLink(round, 0, bytes);
    }

    /**
     * A link that was stored or told.
     *
     * @param component the component it is of, 0 or more
     * @param bytes 32, copied
     * @throws IllegalArgumentException if there are not 32 of them, or the component is negative
     */
    public static NoiseLink of(RoundId round, int component, byte[] bytes) {
        if (component < 0 || bytes.length != BYTES) {
            throw new IllegalArgumentException(
                    "a link of noise of round %s is of component %d with %d bytes but must be of one from 0 on with %d"
                            .formatted(round, component, bytes.length, BYTES));
        }
        return new NoiseLink(round, component, bytes.clone());
    }

    /** The round whose noise it is. */
    public RoundId round() {
        return round;
    }

    /** The component this link is of. */
    public int component() {
        return component;
    }

    /** A copy of the bytes, which the caller erases. */
    public byte[] bytes() {
        requireOpen();
        return bytes.clone();
    }

    /**
     * The link of a component from this one's on; a new object, which the caller closes.
     *
     * @throws IllegalArgumentException if the component is before this one's: the chain leads one way
     */
    public NoiseLink at(int later) {
        if (later < component) {
            throw new IllegalArgumentException(
                    "component %d is before %d, and links lead one way".formatted(later, component));
        }
        byte[] link = bytes();
        for (int k = component; k < later; k++) {
            byte[] next = derived(link, "next");
            Arrays.fill(link, (byte) 0);
            link = next;
        }
        return new NoiseLink(round, later, link);
    }

    /**
     * The key of this link's component in one slice; the caller closes it.
     *
     * @param slice the chunk's index, or as {@link dev.sotto.privacy.NoiseContext#METRICS} says
     */
    public NoiseKey key(int slice) {
        requireOpen();
        byte[] key = derived(bytes, "noise/" + slice);
        try {
            return NoiseKey.of(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    // No id has a slash in it, so different purposes have different names.
    private byte[] derived(byte[] link, String purpose) {
        byte[] info = (LABEL + round + "/" + purpose).getBytes(StandardCharsets.UTF_8);
        return Hkdf.sha256(link, new byte[0], info, BYTES);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the link of noise of round " + round + " was erased");
        }
    }

    /** Zeroes the link. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "link %d of the noise of round %s".formatted(component, round);
    }
}
