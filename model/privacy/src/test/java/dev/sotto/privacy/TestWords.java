package dev.sotto.privacy;

import java.nio.charset.StandardCharsets;

/** Reproducible streams for tests: the real key stream under a key that is the hash of a label. */
final class TestWords {
    private TestWords() {}

    static RandomWords of(String label) {
        return new KeyStreamWords(
                Digest.sha256(label.getBytes(StandardCharsets.UTF_8)).bytes());
    }
}
