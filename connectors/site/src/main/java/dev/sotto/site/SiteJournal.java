package dev.sotto.site;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.federation.NoiseLink;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a site must not forget: what it has sent or may have sent, its secrets, and how far it read. Everything but an
 * intent is stored before it is sent, so that a site that is killed at any point sends the same bytes again.
 *
 * <p>Files: {@code position}; {@code distrust} once the server has been caught; {@code upload-count}; {@code reveals} and {@code kept-update}
 * while there are such; per block {@code block-N.enrolment}, {@code .reveal}, {@code .secrets}, {@code .bundle},
 * {@code .intent}; per round {@code block-N.round-R.upload}, {@code .answer}, and {@code .noise} where noise is taken off. Not thread-safe.
 */
final class SiteJournal implements AutoCloseable {
    private static final String POSITION = "position";
    private static final String DISTRUST = "distrust";
    private static final String REVEALS = "reveals";
    private static final String KEPT = "kept-update";
    private static final String COUNT = "upload-count";
    private static final int FIRST_TOLD = 1;

    private final JournalStorage storage;
    private final ProgressionCodec codec;
    private Progression progression;

    private SiteJournal(JournalStorage storage, ProgressionCodec codec, Progression progression) {
        this.storage = storage;
        this.codec = codec;
        this.progression = progression;
    }

    /**
     * Opens the journal of a site and task.
     *
     * @throws JournalException if the storage is another's, or is damaged
     * @throws DistrustException if this site has caught the server before
     */
    static SiteJournal open(JournalStorage storage, TaskId task, SiteId site) throws DistrustException {
        Optional<byte[]> distrust = storage.read(DISTRUST);
        if (distrust.isPresent()) {
            throw new DistrustException(new String(distrust.get(), StandardCharsets.UTF_8));
        }
        ProgressionCodec codec = new ProgressionCodec(task, site);
        Optional<byte[]> stored = storage.read(POSITION);
        SiteJournal journal =
                new SiteJournal(storage, codec, stored.map(codec::read).orElse(Progression.START));
        if (stored.isEmpty()) {
            journal.advance(Progression.START);
        }
        return journal;
    }

    Progression progression() {
        return progression;
    }

    void advance(Progression next) {
        storage.write(POSITION, codec.write(next));
        progression = next;
    }

    /** Remembers for good that the server was caught. */
    void distrust(String why) {
        storage.write(DISTRUST, why.getBytes(StandardCharsets.UTF_8));
    }

    Optional<StoredEnrolment> enrolment(int block) {
        return storage.read(block(block, "enrolment")).map(bytes -> {
            try {
                return StoredEnrolment.read(bytes);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        });
    }

    void enrol(int block, StoredEnrolment enrolment) {
        writeSecret(block(block, "enrolment"), enrolment.bytes());
    }

    Optional<byte[]> reveal(int block) {
        return storage.read(block(block, "reveal"));
    }

    /** Keeps a reveal, and that this block's beacon may be drawn. */
    void reveal(int block, byte[] message) {
        SortedSet<Integer> revealed = revealed();
        revealed.add(block);
        ByteBuffer bytes = ByteBuffer.allocate(revealed.size() * Integer.BYTES);
        revealed.forEach(bytes::putInt);
        storage.write(REVEALS, bytes.array());
        storage.write(block(block, "reveal"), message);
    }

    /** The blocks that this site has revealed its nonce for since the last one that came to its seal. */
    SortedSet<Integer> revealed() {
        SortedSet<Integer> revealed = new TreeSet<>();
        storage.read(REVEALS).map(ByteBuffer::wrap).ifPresent(bytes -> {
            while (bytes.hasRemaining()) {
                revealed.add(bytes.getInt());
            }
        });
        return revealed;
    }

    /** A block came to its seal: the beacons before it are no server's choice any more. */
    void forgetReveals() {
        storage.delete(REVEALS);
    }

    Optional<BlockSecrets> secrets(int block) {
        return storage.read(block(block, "secrets")).map(bytes -> {
            try {
                return BlockSecrets.deserialize(bytes);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        });
    }

    void keep(BlockSecrets secrets) {
        writeSecret(block(secrets.terms().block().number(), "secrets"), secrets.serialize());
    }

    Optional<byte[]> bundle(int block) {
        return storage.read(block(block, "bundle"));
    }

    void dealt(int block, byte[] message) {
        storage.write(block(block, "bundle"), message);
    }

    /** Whether this site has last said in this block that it takes part in rounds; it has if it has said nothing. */
    boolean saidWilling(int block) {
        return storage.read(block(block, "intent")).map(bytes -> bytes[0] != 0).orElse(true);
    }

    void said(int block, boolean willing) {
        if (saidWilling(block) != willing) {
            storage.write(block(block, "intent"), new byte[] {(byte) (willing ? 1 : 0)});
        }
    }

    Optional<StoredUpload> upload(int block, int round) {
        return storage.read(round(block, round, "upload")).map(StoredUpload::read);
    }

    void upload(int block, int round, StoredUpload upload) {
        storage.write(round(block, round, "upload"), upload.bytes());
    }

    /** What this site's noise of the round comes from, but for the part that is never told; the caller closes it. */
    Optional<NoiseLink> noise(int block, RoundId round) {
        return storage.read(round(block, round.number(), "noise")).map(bytes -> {
            try {
                return NoiseLink.of(round, FIRST_TOLD, bytes);
            } catch (IllegalArgumentException e) {
                throw new JournalException("stored noise cannot be read; restore the state directory", e);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        });
    }

    /** Keeps what can be told of an upload's noise; before the upload, which is sent only once both are kept. */
    void noise(int block, RoundId round, NoiseLink first) {
        try (NoiseLink told = first.at(FIRST_TOLD)) {
            writeSecret(round(block, round.number(), "noise"), told.bytes());
        }
    }

    Optional<StoredAnswer> answer(int block, int round) {
        return storage.read(round(block, round, "answer")).map(StoredAnswer::read);
    }

    void answer(int block, int round, StoredAnswer answer) {
        storage.write(round(block, round, "answer"), answer.bytes());
    }

    /** The uploads that this site has made or begun for other rounds than this, the newest. */
    int countedBefore(int round) {
        Optional<ByteBuffer> stored = storage.read(COUNT).map(ByteBuffer::wrap);
        if (stored.isEmpty()) {
            return 0;
        }
        int counted = stored.get().getInt();
        return stored.get().getInt() == round ? counted - 1 : counted;
    }

    /** Counts the upload of a round, once however often it is begun. */
    void count(int round) {
        storage.write(
                COUNT,
                ByteBuffer.allocate(2 * Integer.BYTES)
                        .putInt(countedBefore(round) + 1)
                        .putInt(round)
                        .array());
    }

    Optional<KeptUpdate> keptUpdate() {
        return storage.read(KEPT).map(bytes -> {
            try {
                return KeptUpdate.read(bytes);
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        });
    }

    void keepUpdate(KeptUpdate update) {
        writeSecret(KEPT, update.bytes());
    }

    void forgetUpdate() {
        storage.delete(KEPT);
    }

    /** The transcript positions that stored messages were signed at: records this site has acted on or begun to. */
    List<TranscriptPosition> signedPositions() {
        List<byte[]> messages = new ArrayList<>();
        for (String name : storage.names("block-")) {
            storage.read(name).ifPresent(bytes -> {
                String what = name.substring(name.lastIndexOf('.') + 1);
                switch (what) {
                    case "enrolment" -> messages.add(StoredEnrolment.read(bytes).message());
                    case "reveal", "bundle" -> messages.add(bytes);
                    case "upload" -> messages.add(StoredUpload.read(bytes).manifest());
                    case "answer" -> messages.add(StoredAnswer.read(bytes).message());
                    default -> Arrays.fill(bytes, (byte) 0);
                }
            });
        }
        return messages.stream().map(SiteJournal::position).toList();
    }

    private static TranscriptPosition position(byte[] message) {
        try {
            return SignedPosition.of(message);
        } catch (RejectedRecordException e) {
            throw new JournalException("a stored message cannot be read; restore the state directory", e);
        }
    }

    /**
     * Erases the secrets, uploads and noise of the block's rounds {@code first} to {@code last}. Answers stay until the block
     * ends, to be repeated.
     */
    void finishRounds(int block, int first, int last) {
        secrets(block).ifPresent(secrets -> {
            for (int round = first; round <= last; round++) {
                secrets.erase(round);
            }
            keep(secrets);
            secrets.destroy();
        });
        for (int round = first; round <= last; round++) {
            storage.delete(round(block, round, "upload"));
            storage.delete(round(block, round, "noise"));
        }
    }

    /** Erases all of this block and of those before. */
    void finishBlock(int block) {
        for (String name : storage.names("block-")) {
            int number = Integer.parseInt(name.substring("block-".length(), name.indexOf('.')));
            if (number <= block) {
                storage.delete(name);
            }
        }
    }

    /** Erases everything but the position and the count of uploads. */
    void finishTask() {
        finishBlock(Integer.MAX_VALUE);
        forgetUpdate();
        forgetReveals();
    }

    private void writeSecret(String name, byte[] bytes) {
        try {
            storage.write(name, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static String block(int number, String what) {
        return "block-" + number + "." + what;
    }

    private static String round(int block, int number, String what) {
        return block(block, "round-" + number + "." + what);
    }

    @Override
    public void close() {
        storage.close();
    }
}
