package dev.sotto.quickstart;

import dev.sotto.federation.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The model in this build, so that texts can be judged before any round has run: sentiment of chat and finance text, learned by a
 * simulated federation from the open rows in this build. {@code models/open-sentiment/README.md} has its report and the command
 * that makes it anew.
 */
final class ShippedModel {
    private static final String DIRECTORY = "/models/open-sentiment/";

    private ShippedModel() {}

    static Checkpoint read() {
        try {
            return Checkpoint.read(bytes(Checkpoint.MANIFEST), bytes(Checkpoint.WEIGHTS), null);
        } catch (IOException e) {
            throw new UncheckedIOException("the model in this build cannot be read", e);
        }
    }

    private static byte[] bytes(String file) throws IOException {
        try (InputStream in = ShippedModel.class.getResourceAsStream(DIRECTORY + file)) {
            if (in == null) {
                throw new IOException("the resource " + DIRECTORY + file + " is missing from this build");
            }
            return in.readAllBytes();
        }
    }
}
