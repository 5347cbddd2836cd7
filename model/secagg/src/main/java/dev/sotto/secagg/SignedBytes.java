package dev.sotto.secagg;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What is signed for a message of a domain: the domain in UTF-8, one zero byte, the message. */
final class SignedBytes {
    private SignedBytes() {}

    static byte[] of(String domain, byte[] message) {
        // A zero inside the domain would let two pairs share one encoding.
        Require.that(!domain.isEmpty() && domain.indexOf('\0') < 0, "signing domain", domain, "non-empty without NUL");
        byte[] prefix = domain.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(prefix, prefix.length + 1 + message.length);
        System.arraycopy(message, 0, all, prefix.length + 1, message.length);
        return all;
    }
}
