package dev.sotto.scoring;

import java.net.URI;
import java.util.HexFormat;

/**
 * A model version that was checked and may serve.
 *
 * @param version the version
 * @param location the checkpoint's directory, as a URI
 * @param sha256 lower-case hex of the weights' file
 */
public record ModelUpdate(int version, String location, String sha256) {
    URI uri() {
        return URI.create(location);
    }

    byte[] hash() {
        return HexFormat.of().parseHex(sha256);
    }
}
