package dev.sotto.scoring;

import dev.sotto.contracts.ServingTurn;
import java.net.URI;
import java.util.HexFormat;

/**
 * A model version that was checked and may serve.
 *
 * @param version the version
 * @param location the checkpoint's directory, as a URI
 * @param sha256 lower-case hex of the weights' file
 * @param reach the last version that it stands in for; more than its own after a rollback
 */
public record ModelUpdate(int version, String location, String sha256, int reach) {
    public ModelUpdate {
        // A state of before there were rollbacks restores as 0.
        reach = Math.max(reach, version);
    }

    /** A model that stands in for none but itself. */
    ModelUpdate(int version, String location, String sha256) {
        this(version, location, sha256, version);
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
