package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.federation.RoundMetrics;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteJournalTest {
    private static final TaskId TASK = new TaskId("sentiment");
    private static final SiteId SITE = new SiteId("bank-a");

    @TempDir
    Path parent;

    private DirectoryStorage storage() {
        return DirectoryStorage.open(parent.resolve("state"));
    }

    @Test
    void everything_written_isThereAfterReopening() throws DistrustException {
        TranscriptPosition position = new TranscriptPosition(7, new byte[32]);
        Progression progression = new Progression(1, 40, position, position, "done");
        TreeSet<SiteId> survivors = new TreeSet<>(List.of(SITE, new SiteId("bank-b")));
        try (SiteJournal journal = SiteJournal.open(storage(), TASK, SITE)) {
            assertThat(journal.progression()).isEqualTo(Progression.START);
            journal.advance(progression);
            journal.enrol(2, new StoredEnrolment(new byte[32], new byte[32], new byte[] {1, 2}));
            journal.reveal(2, new byte[] {11});
            journal.said(2, false);
            journal.keepUpdate(new KeptUpdate(5, new float[] {0.5f, -2}, new RoundMetrics(3, 2.5, 2, 1)));
            journal.dealt(2, new byte[] {3});
            journal.upload(2, 5, new StoredUpload(new byte[] {4, 5}, new byte[] {6, 7, 8, 9}));
            journal.answer(2, 5, new StoredAnswer(survivors, false, new byte[] {10}));
        }
        try (SiteJournal journal = SiteJournal.open(storage(), TASK, SITE)) {
            assertThat(journal.progression()).isEqualTo(progression);
            assertThat(journal.enrolment(2).orElseThrow().message()).containsExactly(1, 2);
            assertThat(journal.enrolment(2).orElseThrow().nonce()).isEqualTo(new byte[32]);
            assertThat(journal.reveal(2).orElseThrow()).containsExactly(11);
            assertThat(journal.revealed()).containsExactly(2);
            assertThat(journal.saidWilling(2)).isFalse();
            assertThat(journal.saidWilling(3)).isTrue();
            assertThat(journal.keptUpdate().orElseThrow().round()).isEqualTo(5);
            assertThat(journal.keptUpdate().orElseThrow().delta()).containsExactly(0.5f, -2);
            assertThat(journal.keptUpdate().orElseThrow().metrics()).isEqualTo(new RoundMetrics(3, 2.5, 2, 1));
            assertThat(journal.answer(2, 5).orElseThrow().willing()).isFalse();
            assertThat(journal.bundle(2).orElseThrow()).containsExactly(3);
            assertThat(journal.upload(2, 5).orElseThrow().manifest()).containsExactly(4, 5);
            assertThat(journal.upload(2, 5).orElseThrow().entries()).containsExactly(6, 7, 8, 9);
            assertThat(journal.answer(2, 5).orElseThrow().survivors()).isEqualTo(survivors);
            assertThat(journal.answer(2, 5).orElseThrow().message()).containsExactly(10);
            assertThat(journal.upload(2, 6)).isEmpty();
            journal.finishBlock(2);
            assertThat(journal.enrolment(2)).isEmpty();
            assertThat(journal.answer(2, 5)).isEmpty();
            // Both outlive the block.
            assertThat(journal.revealed()).containsExactly(2);
            assertThat(journal.keptUpdate()).isPresent();
            journal.finishTask();
            assertThat(journal.revealed()).isEmpty();
            assertThat(journal.keptUpdate()).isEmpty();
        }
    }

    @Test
    void files_areTheirOwnersAlone() throws IOException, DistrustException {
        try (SiteJournal journal = SiteJournal.open(storage(), TASK, SITE)) {
            journal.enrol(1, new StoredEnrolment(new byte[32], new byte[32], new byte[0]));
            Path state = parent.resolve("state");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                    .isEqualTo("rwx------");
            for (String name : List.of("position", "block-1.enrolment", "lock")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void directory_inUse_isRefusedUntilItIsClosed() throws DistrustException {
        try (DirectoryStorage held = storage()) {
            assertThat(held.names("")).containsExactly("lock");
            assertThatThrownBy(this::storage)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("in use");
        }
        storage().close();
    }

    @Test
    void file_thatIsDamaged_isAnErrorAndNeverRead() throws IOException, DistrustException {
        SiteJournal.open(storage(), TASK, SITE).close();
        Path position = parent.resolve("state").resolve("position");
        byte[] bytes = Files.readAllBytes(position);
        bytes[3] ^= 1;
        Files.write(position, bytes);
        assertDamaged();
        Files.write(position, new byte[5]);
        assertDamaged();
    }

    private void assertDamaged() {
        try (DirectoryStorage storage = storage()) {
            assertThatThrownBy(() -> SiteJournal.open(storage, TASK, SITE))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("position")
                    .hasMessageContaining("damaged");
        }
    }

    @Test
    void write_cutShortByACrash_leavesTheOldContent() throws IOException {
        try (DirectoryStorage storage = storage()) {
            storage.write("block-1.bundle", new byte[] {1});
        }
        Path half = parent.resolve("state").resolve("block-1.bundle.tmp");
        Files.write(half, new byte[] {2, 2});
        try (DirectoryStorage storage = storage()) {
            assertThat(storage.read("block-1.bundle").orElseThrow()).containsExactly(1);
            assertThat(half).doesNotExist();
        }
    }

    @Test
    void directory_ofAnotherSiteOrTask_isRefused() throws DistrustException {
        SiteJournal.open(storage(), TASK, SITE).close();
        try (DirectoryStorage storage = storage()) {
            assertThatThrownBy(() -> SiteJournal.open(storage, TASK, new SiteId("bank-b")))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("belongs to sentiment/bank-a, not to sentiment/bank-b");
        }
    }

    @Test
    void distrust_isForEver() throws DistrustException {
        try (SiteJournal journal = SiteJournal.open(storage(), TASK, SITE)) {
            journal.distrust("two stories");
        }
        try (DirectoryStorage storage = storage()) {
            assertThatThrownBy(() -> SiteJournal.open(storage, TASK, SITE))
                    .isInstanceOf(DistrustException.class)
                    .hasMessage("two stories");
        }
    }
}
