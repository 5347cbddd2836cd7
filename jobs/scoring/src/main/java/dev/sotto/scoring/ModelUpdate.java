package dev.sotto.scoring;

import dev.sotto.bert.Variant;
import dev.sotto.contracts.ServingTurn;
import java.net.URI;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A model version that was checked and may serve.
 *
 * @param version the version
 * @param location the checkpoint's directory, as a URI
 * @param sha256 lower-case hex of the weights' file
 * @param reach the last version that it stands in for; more than its own after a rollback
 * @param variant the arithmetic that it serves in
 */
public record ModelUpdate(int version, String location, String sha256, int reach, Variant variant) {
    public ModelUpdate {
        // A state of before there were rollbacks restores as 0.
        reach = Math.max(reach, version);
        // One of before there was a choice restores as null.
        variant = variant == null ? Variant.FP32 : variant;
    }

    /** A model that stands in for none but itself and serves in single precision. */
    ModelUpdate(int version, String location, String sha256) {
        this(version, location, sha256, version, Variant.FP32);
    }

    /** The same model in another arithmetic. */
    ModelUpdate in(Variant other) {
        return new ModelUpdate(version, location, sha256, reach, other);
    }

    /** Whether both are the same model, in whichever arithmetic. */
    boolean sameModel(@Nullable ModelUpdate other) {
        return other != null && in(other.variant).equals(other);
    }

    ServingTurn turn() {
        return new ServingTurn(version, reach);
    }

    boolean isAfter(ModelUpdate other) {
        return turn().isAfter(other.turn());
    }

    URI uri() {
        return URI.create(location);
    }

    byte[] hash() {
        return HexFormat.of().parseHex(sha256);
    }
}
