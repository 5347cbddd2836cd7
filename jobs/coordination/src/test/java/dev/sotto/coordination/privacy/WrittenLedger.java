package dev.sotto.coordination.privacy;

import dev.sotto.contracts.EnvelopeSigner;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.contracts.audit.TranscriptFile;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.LedgerRecord;
import dev.sotto.contracts.avro.LedgerStep;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.coordination.protocol.CoordinatedTask;
import dev.sotto.coordination.protocol.Decision;
import dev.sotto.coordination.protocol.Effect;
import dev.sotto.coordination.protocol.LedgerBook;
import dev.sotto.coordination.protocol.LedgerCommand;
import dev.sotto.coordination.protocol.LedgerDesk;
import dev.sotto.privacy.Digest;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.secagg.RoundId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A ledger as coordination writes it: rounds reserved and committed until the budget refuses. */
final class WrittenLedger {
    final Play play = new Play();
    final List<TranscriptEntry> entries = new ArrayList<>();
    private final LedgerDesk desk = new LedgerDesk(CoordinatedTask.of(play.task, play.parties.trust()));
    private LedgerBook book = LedgerBook.EMPTY;

    WrittenLedger(int rounds) {
        for (int number = 1; number <= rounds; number++) {
            RoundId round = play.round(number);
            byte[] terms = Digest.sha256(new int[] {number}).bytes();
            write(new LedgerCommand.Reserve(round, terms, play.task.rho(), TranscriptPosition.START));
            write(new LedgerCommand.Commit(round, terms, TranscriptPosition.START));
        }
    }

    private void write(LedgerCommand command) {
        Decision<LedgerBook> decision = desk.decide(book, command);
        book = decision.next();
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.Publish record) {
                add(record.key(), (LedgerRecord) record.payload(), play.parties.coordination());
            }
        }
    }

    private void add(byte[] key, LedgerRecord record, EnvelopeSigner signer) {
        byte[] value = signer.sealBytes(play.task.id(), Kind.LEDGER, TranscriptPosition.START, record);
        entries.add(new TranscriptEntry(Topics.LEDGER.name(), entries.size(), key, value));
    }

    /** Puts a changed record, signed by coordination itself, in the place of the one at an index. */
    void rewrite(int index, Consumer<LedgerRecord> change) throws Exception {
        TranscriptEntry old = entries.get(index);
        LedgerRecord record = play.parties.verifier().open(old.value()).payload(LedgerRecord.class);
        change.accept(record);
        byte[] value =
                play.parties.coordination().sealBytes(play.task.id(), Kind.LEDGER, TranscriptPosition.START, record);
        entries.set(index, new TranscriptEntry(old.topic(), old.offset(), old.key(), value));
    }

    /** Puts a record that somebody else has signed in the place of the one at an index. */
    void forge(int index) throws Exception {
        TranscriptEntry old = entries.get(index);
        LedgerRecord record = play.parties.verifier().open(old.value()).payload(LedgerRecord.class);
        byte[] value = play.parties.operator().sealBytes(play.task.id(), Kind.LEDGER, TranscriptPosition.START, record);
        entries.set(index, new TranscriptEntry(old.topic(), old.offset(), old.key(), value));
    }

    /** Appends a second reservation of a round for other data, in the right place of the chain. */
    void reserveAgain(int round) {
        LedgerChain chain = LedgerChain.deserialize(book.chain());
        ByteBuffer head = ByteBuffer.wrap(chain.head().bytes());
        LedgerRecord record = new LedgerRecord(
                play.round(round).toString(),
                ByteBuffer.wrap(new byte[32]),
                play.task.rho(),
                chain.spentRho() + play.task.rho(),
                LedgerStep.RESERVE,
                head,
                ByteBuffer.wrap(new byte[32]));
        String key = RecordKeys.ledger(play.task.id(), record.getRelease(), "RESERVE");
        add(key.getBytes(StandardCharsets.UTF_8), record, play.parties.coordination());
    }

    /** The task file, the trust file and the export. */
    Path write(Path directory) throws IOException {
        writeFiles(directory);
        Path file = directory.resolve("ledger.jsonl");
        try (TranscriptFile.Output out = TranscriptFile.create(file, play.task.id())) {
            for (TranscriptEntry entry : entries) {
                out.write(entry);
            }
            out.finish();
        }
        return file;
    }

    void writeFiles(Path directory) throws IOException {
        Files.writeString(directory.resolve("task.yaml"), Play.text());
        Files.writeString(directory.resolve("trust.yaml"), play.parties.trustYaml());
    }
}
