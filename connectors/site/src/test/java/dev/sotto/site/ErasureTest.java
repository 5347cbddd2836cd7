package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.sotto.secagg.BlockSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a secret, by the bytes: in the state directory and in the memory that the site can still reach. */
class ErasureTest {
    /** A round's secrets as they are stored: mask key, self-mask seed and the seed of the dealing, 32 bytes each. */
    private static final int ROUND_SECRETS = 3 * 32;

    private static final int NUMBER = Integer.BYTES;
    private static final int HASH = 32;

    @TempDir
    Path models;

    @TempDir
    Path parent;

    private Federation federation;
    private Federation.Member bankA;
    private Path state;

    @BeforeEach
    void found() throws Exception {
        federation = new Federation(models);
        bankA = federation.member("bank-a");
        state = parent.resolve("state");
        bankA.disk = DirectoryStorage.open(state);
        federation.sealBlock(1, 1);
        federation.open(1, 1, untouched -> {});
    }

    /** The three secrets of the block's first round, from its stored form with and without them. */
    private List<byte[]> secretsOfRoundOne() throws Exception {
        BlockSecrets secrets =
                BlockSecrets.deserialize(bankA.disk.read("block-1.secrets").orElseThrow());
        byte[] before = secrets.serialize();
        secrets.erase(1);
        byte[] after = secrets.serialize();
        secrets.destroy();
        assertThat(before.length - after.length).isEqualTo(NUMBER + ROUND_SECRETS);
        int first = after.length - HASH - NUMBER - ROUND_SECRETS + NUMBER;
        List<byte[]> found = new ArrayList<>();
        for (int i = 0; i < ROUND_SECRETS; i += 32) {
            found.add(Arrays.copyOfRange(before, first + i, first + i + 32));
        }
        Arrays.fill(before, (byte) 0);
        Arrays.fill(after, (byte) 0);
        return found;
    }

    private boolean onDisk(byte[] secret) {
        try (Stream<Path> files = Files.walk(parent)) {
            return files.filter(Files::isRegularFile).anyMatch(file -> contains(file, secret, 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a file holds these bytes, each with these bits flipped. */
    private static boolean contains(Path file, byte[] pattern, int flip) {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            for (int at = 0; at + pattern.length <= bytes.limit(); at++) {
                int i = 0;
                while (i < pattern.length && bytes.get(at + i) == (byte) (pattern[i] ^ flip)) {
                    i++;
                }
                if (i == pattern.length) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void secretsOfAFinishedRound_areNotInTheStateDirectory() throws Exception {
        List<byte[]> secrets = secretsOfRoundOne();
        assertThat(secrets).allMatch(this::onDisk);
        federation.survivors(1);
        assertThat(secrets).allMatch(this::onDisk);
        federation.coordination.result(1);
        federation.catchUp();
        assertThat(secrets).noneMatch(this::onDisk);
        assertThat(bankA.disk.names("block-1.round-1.upload")).isEmpty();
    }

    @Test
    void secretsOfAnAbortedRound_areNotInTheStateDirectory() throws Exception {
        List<byte[]> secrets = secretsOfRoundOne();
        federation.coordination.aborted(1);
        federation.catchUp();
        assertThat(secrets).noneMatch(this::onDisk);
    }

    @Test
    void secretsOfAFinishedRound_areNotInTheMemoryThatIsReachable() throws Exception {
        List<byte[]> inverted = new ArrayList<>();
        for (byte[] secret : secretsOfRoundOne()) {
            byte[] copy = new byte[secret.length];
            for (int i = 0; i < copy.length; i++) {
                copy[i] = (byte) ~secret[i];
            }
            Arrays.fill(secret, (byte) 0);
            inverted.add(copy);
        }
        BlockSecrets held =
                BlockSecrets.deserialize(bankA.disk.read("block-1.secrets").orElseThrow());
        // The way it is looked for finds what is there.
        assertThat(inMemory(inverted)).isTrue();
        held.destroy();
        federation.survivors(1);
        federation.coordination.result(1);
        federation.catchUp();
        assertThat(inMemory(inverted)).isFalse();
    }

    private boolean inMemory(List<byte[]> inverted) throws IOException {
        Path dump = parent.resolve("heap.hprof");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(dump.toString(), true);
            return inverted.stream().anyMatch(secret -> contains(dump, secret, 0xFF));
        } finally {
            Files.delete(dump);
        }
    }

    @Test
    void encryptionKeyAndNonce_areErasedWithTheirBlock() throws Exception {
        StoredEnrolment enrolment =
                StoredEnrolment.read(bankA.disk.read("block-1.enrolment").orElseThrow());
        assertThat(List.of(enrolment.encryptionKey(), enrolment.nonce())).allMatch(this::onDisk);
        federation.coordination.aborted(2);
        federation.catchUp();
        assertThat(List.of(enrolment.encryptionKey(), enrolment.nonce())).noneMatch(this::onDisk);
    }
}
