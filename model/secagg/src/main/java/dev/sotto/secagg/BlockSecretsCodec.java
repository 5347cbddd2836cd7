package dev.sotto.secagg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The stored form of {@link BlockSecrets}, version 2: a version byte, the terms, the site, the private encryption key,
 * the secrets of the rounds that are left, and SHA-256 of all that, which tells a torn write from a whole one. Numbers
 * are big-endian, texts stand behind their length.
 */
final class BlockSecretsCodec {
    private static final byte VERSION = 2;
    private static final int MAX_TEXT = 63;

    private BlockSecretsCodec() {}

    static byte[] write(BlockSecrets secrets) {
        BlockTerms terms = secrets.terms();
        int site = Integer.BYTES + MAX_TEXT;
        int most = 128 + 2 * site + terms.cohort().size() * (site + RawKeys.LENGTH) + terms.rounds() * 128;
        // One buffer of the final bound, because a growing one would leave copies of the secrets behind.
        ByteBuffer out = ByteBuffer.allocate(most);
        out.put(VERSION);
        text(out, terms.block().task().value());
        out.putInt(terms.block().number()).putInt(terms.firstRound()).putInt(terms.rounds());
        out.putInt(terms.threshold()).putInt(terms.graph().degree());
        out.put(terms.graph().beacon());
        out.putInt(terms.cohort().size());
        terms.cohort().forEach((id, key) -> text(out, id.value()).put(key.bytes()));
        text(out, secrets.self().value());
        secret(out, secrets.encryption().privateBytes());
        out.putInt(secrets.rounds().size());
        for (Map.Entry<Integer, RoundSecrets> entry : secrets.rounds().entrySet()) {
            out.putInt(entry.getKey());
            secret(out, entry.getValue().maskKey().privateBytes());
            secret(out, entry.getValue().selfMask().bytes());
            secret(out, entry.getValue().dealing().bytes());
        }
        byte[] body = Arrays.copyOf(out.array(), out.position());
        byte[] all = Arrays.copyOf(body, body.length + Require.HASH_BYTES);
        System.arraycopy(Sha256.of(body), 0, all, body.length, Require.HASH_BYTES);
        Arrays.fill(out.array(), (byte) 0);
        Arrays.fill(body, (byte) 0);
        return all;
    }

    static BlockSecrets read(byte[] bytes) {
        int length = bytes.length - Require.HASH_BYTES;
        Require.that(
                length > 0 && bytes[0] == VERSION, "stored block secrets", "version unknown", "version " + VERSION);
        byte[] body = Arrays.copyOf(bytes, length);
        try {
            boolean whole = MessageDigest.isEqual(Sha256.of(body), Arrays.copyOfRange(bytes, length, bytes.length));
            Require.that(whole, "stored block secrets", "damaged", "as written; restore them or sit the block out");
            return read(ByteBuffer.wrap(body, 1, length - 1));
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private static BlockSecrets read(ByteBuffer in) {
        BlockId block = new BlockId(new TaskId(text(in)), in.getInt());
        int firstRound = in.getInt();
        int rounds = in.getInt();
        int threshold = in.getInt();
        int degree = in.getInt();
        byte[] beacon = new byte[degree == 0 ? 0 : NeighbourGraph.BEACON_BYTES];
        in.get(beacon);
        int n = in.getInt();
        SortedMap<SiteId, AgreementPublicKey> cohort = new TreeMap<>();
        for (int i = 0; i < n; i++) {
            cohort.put(new SiteId(text(in)), AgreementPublicKey.of(bytes(in)));
        }
        NeighbourGraph graph = NeighbourGraph.of(cohort.keySet(), degree, beacon);
        BlockTerms terms = new BlockTerms(block, firstRound, rounds, cohort, graph, threshold);
        SiteId self = new SiteId(text(in));
        AgreementKeyPair encryption = keyPair(in);
        SortedMap<Integer, RoundSecrets> secrets = new TreeMap<>();
        int left = in.getInt();
        for (int i = 0; i < left; i++) {
            secrets.put(in.getInt(), new RoundSecrets(keyPair(in), seed(in), seed(in)));
        }
        return new BlockSecrets(terms, self, encryption, secrets);
    }

    private static AgreementKeyPair keyPair(ByteBuffer in) {
        byte[] raw = bytes(in);
        try {
            return AgreementKeyPair.of(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static MaskSeed seed(ByteBuffer in) {
        byte[] raw = bytes(in);
        try {
            return MaskSeed.of(raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static void secret(ByteBuffer out, byte[] secret) {
        out.put(secret);
        Arrays.fill(secret, (byte) 0);
    }

    private static ByteBuffer text(ByteBuffer out, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return out.putInt(utf8.length).put(utf8);
    }

    private static String text(ByteBuffer in) {
        byte[] utf8 = new byte[in.getInt()];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] raw = new byte[RawKeys.LENGTH];
        in.get(raw);
        return raw;
    }
}
