package dev.sotto.secagg;

import java.util.List;

/**
 * What a survivor adds to its answer where sites give away a secret of theirs once the survivors are settled: see
 * {@link Disclosing}. Secret in parts; it prints nothing of itself. Immutable.
 *
 * @param keys for every survivor, in order, the 32-byte key to this site's share of that survivor's secret
 * @param boxes for every survivor, in order, that site's share of this one's secret, {@value #BOX_BYTES} bytes sealed; empty if this site
 *     gives none away
 */
public record Disclosure(List<byte[]> keys, List<byte[]> boxes) {
    /** Length of a key in bytes. */
    public static final int KEY_BYTES = 32;

    /** Length of a box in bytes: a share and the tag of AES-GCM. */
    public static final int BOX_BYTES = Shamir.SECRET_BYTES + 16;

    /** @throws IllegalArgumentException if a key or box has another length, or there are not as many boxes as keys or none */
    public Disclosure {
        keys = keys.stream()
                .map(key -> Require.copy("key of a disclosure", key, KEY_BYTES))
                .toList();
        boxes = boxes.stream()
                .map(box -> Require.copy("box of a disclosure", box, BOX_BYTES))
                .toList();
        Require.that(
                boxes.isEmpty() || boxes.size() == keys.size(),
                "number of boxes",
                boxes.size(),
                "0 or that of the keys, " + keys.size());
    }

    @Override
    public String toString() {
        return "disclosure with " + keys.size() + " keys and " + boxes.size() + " boxes";
    }
}
