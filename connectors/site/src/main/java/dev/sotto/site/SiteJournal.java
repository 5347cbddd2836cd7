package dev.sotto.site;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a site must not forget: what it has sent or may have sent, its secrets, and how far it read. Everything is stored
 * before it is sent, so that a site that is killed at any point sends the same bytes again.
 *
 * <p>Files: {@code position}; {@code distrust} once the server has been caught; per block {@code block-N.enrolment},
 * {@code .secrets}, {@code .bundle}; per round {@code block-N.round-R.upload}, {@code .answer}. Not thread-safe.
 */
final class SiteJournal implements AutoCloseable {
    private static final String POSITION = "position";
    private static final String DISTRUST = "distrust";
    private static final int KEY = 32;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final JournalStorage storage;
    private final TaskId task;
    private final SiteId site;
    private Progression progression;

    private SiteJournal(JournalStorage storage, TaskId task, SiteId site, Progression progression) {
        this.storage = storage;
        this.task = task;
        this.site = site;
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
        Optional<byte[]> stored = storage.read(POSITION);
        Progression progression = stored.isEmpty() ? Progression.START : parse(stored.get(), task, site);
        SiteJournal journal = new SiteJournal(storage, task, site, progression);
        if (stored.isEmpty()) {
            journal.advance(progression);
        }
        return journal;
    }

    Progression progression() {
        return progression;
    }

    void advance(Progression next) {
        ObjectNode json = JSON.createObjectNode()
                .put("task", task.value())
                .put("site", site.value())
                .put("endedBlock", next.endedBlock())
                .put("anchorOffset", next.anchorOffset());
        position(json.putObject("anchor"), next.anchor());
        position(json.putObject("reached"), next.reached());
        json.put("ended", next.ended());
        storage.write(POSITION, (json + "\n").getBytes(StandardCharsets.UTF_8));
        progression = next;
    }

    private static void position(ObjectNode json, TranscriptPosition position) {
        json.put("sequence", position.sequence()).put("head", position.head());
    }

    private static Progression parse(byte[] stored, TaskId task, SiteId site) {
        try {
            JsonNode json = JSON.readTree(stored);
            String owner = json.required("task").textValue() + "/"
                    + json.required("site").textValue();
            if (!owner.equals(task + "/" + site)) {
                throw new JournalException(
                        "the state directory belongs to %s, not to %s/%s; give every site and task its own"
                                .formatted(owner, task, site));
            }
            return new Progression(
                    json.required("endedBlock").intValue(),
                    json.required("anchorOffset").longValue(),
                    position(json.required("anchor")),
                    position(json.required("reached")),
                    json.required("ended").textValue());
        } catch (IOException | IllegalArgumentException e) {
            throw new JournalException("the stored position cannot be read; restore the state directory", e);
        }
    }

    private static TranscriptPosition position(JsonNode json) throws IOException {
        return new TranscriptPosition(
                json.required("sequence").longValue(), json.required("head").binaryValue());
    }

    /** Remembers for good that the server was caught. */
    void distrust(String why) {
        storage.write(DISTRUST, why.getBytes(StandardCharsets.UTF_8));
    }

    Optional<StoredEnrolment> enrolment(int block) {
        return storage.read(block(block, "enrolment")).map(bytes -> {
            StoredEnrolment enrolment =
                    new StoredEnrolment(Arrays.copyOf(bytes, KEY), Arrays.copyOfRange(bytes, KEY, bytes.length));
            Arrays.fill(bytes, (byte) 0);
            return enrolment;
        });
    }

    void enrol(int block, StoredEnrolment enrolment) {
        byte[] bytes = concat(enrolment.encryptionKey(), enrolment.message());
        storage.write(block(block, "enrolment"), bytes);
        Arrays.fill(bytes, (byte) 0);
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
        byte[] bytes = secrets.serialize();
        storage.write(block(secrets.terms().block().number(), "secrets"), bytes);
        Arrays.fill(bytes, (byte) 0);
    }

    Optional<byte[]> bundle(int block) {
        return storage.read(block(block, "bundle"));
    }

    void dealt(int block, byte[] message) {
        storage.write(block(block, "bundle"), message);
    }

    Optional<StoredUpload> upload(int block, int round) {
        return storage.read(round(block, round, "upload")).map(bytes -> {
            try {
                ByteBuffer in = ByteBuffer.wrap(bytes);
                byte[] manifest = new byte[in.getInt()];
                in.get(manifest);
                byte[] entries = new byte[in.remaining()];
                in.get(entries);
                return new StoredUpload(manifest, entries);
            } catch (BufferUnderflowException | NegativeArraySizeException e) {
                throw new JournalException("the stored upload of round %d cannot be read".formatted(round), e);
            }
        });
    }

    void upload(int block, int round, StoredUpload upload) {
        ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + upload.manifest().length + upload.entries().length);
        out.putInt(upload.manifest().length).put(upload.manifest()).put(upload.entries());
        storage.write(round(block, round, "upload"), out.array());
    }

    Optional<StoredAnswer> answer(int block, int round) {
        return storage.read(round(block, round, "answer")).map(bytes -> {
            try {
                JsonNode json = JSON.readTree(bytes);
                SortedSet<SiteId> survivors = new TreeSet<>();
                json.required("survivors").forEach(site -> survivors.add(new SiteId(site.textValue())));
                return new StoredAnswer(survivors, json.required("message").binaryValue());
            } catch (IOException | IllegalArgumentException e) {
                throw new JournalException("the stored answer of round %d cannot be read".formatted(round), e);
            }
        });
    }

    void answer(int block, int round, StoredAnswer answer) {
        ObjectNode json = JSON.createObjectNode();
        answer.survivors().forEach(site -> json.withArray("survivors").add(site.value()));
        json.put("message", answer.message());
        try {
            storage.write(round(block, round, "answer"), JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts is always JSON", e);
        }
    }

    /**
     * Erases the secrets and uploads of the block's rounds {@code first} to {@code last}. Answers stay until the block
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

    private static String block(int number, String what) {
        return "block-" + number + "." + what;
    }

    private static String round(int block, int number, String what) {
        return block(block, "round-" + number + "." + what);
    }

    private static byte[] concat(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    @Override
    public void close() {
        storage.close();
    }
}
