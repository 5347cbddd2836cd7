package dev.sotto.coordination.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.privacy.ZCdp;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyLedgerCommandTest {
    @TempDir
    Path directory;

    private CommandRun show(WrittenLedger ledger, String... more) throws Exception {
        Path file = ledger.write(directory);
        List<String> arguments = new ArrayList<>(List.of("ledger", "--file", file.toString()));
        arguments.addAll(List.of("--task", directory.resolve("task.yaml").toString()));
        arguments.addAll(List.of("--trust", directory.resolve("trust.yaml").toString()));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @Test
    void ledger_asCoordinationWritesIt_holdsAndShowsWhatIsSpent() throws Exception {
        CommandRun run = show(new WrittenLedger(3));
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out())
                .containsPattern("1 +sentiment/1 +RESERVE")
                .containsPattern("6 +sentiment/3 +COMMIT")
                .contains("for the unit site (neighbours: add or remove one site)")
                .contains("3 releases of the discrete Gaussian")
                .contains("HOLDS: 6 records");
    }

    @Test
    void ledger_asJson_addsUpToTheEpsilonOfItsReservations() throws Exception {
        WrittenLedger written = new WrittenLedger(2);
        JsonNode ledger = new ObjectMapper().readTree(show(written, "--json").out());
        double rho = written.play.task.rho();
        assertThat(ledger.path("verdict").asText()).isEqualTo("holds");
        assertThat(ledger.path("entries")).hasSize(4);
        assertThat(ledger.path("epsilon").asDouble()).isEqualTo(ZCdp.epsilon(rho + rho, 1e-5));
        assertThat(ledger.path("entries").get(1).path("rhoSpent").asDouble()).isEqualTo(rho);
    }

    @Test
    void ledger_withARefusalForLackOfBudget_showsItUncharged() throws Exception {
        CommandRun run = show(new WrittenLedger(20));
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out()).contains("REFUSE").contains("HOLDS");
    }

    @Test
    void ledger_withoutOneRecord_isBrokenWhereItIsMissing() throws Exception {
        WrittenLedger ledger = new WrittenLedger(3);
        ledger.entries.remove(2);
        CommandRun run = show(ledger);
        assertThat(run.code()).isEqualTo(PrivacyCommand.BROKEN);
        assertThat(run.out())
                .contains("BROKEN at record 3 (offset 3, key ")
                .contains("the hash before it is")
                .containsPattern("2 +sentiment/1 +COMMIT")
                .doesNotContainPattern("3 +sentiment/2")
                .doesNotContain("HOLDS");
    }

    @Test
    void ledger_withAChangedPrice_isBrokenThere() throws Exception {
        WrittenLedger ledger = new WrittenLedger(2);
        ledger.rewrite(2, record -> record.setRho(record.getRho() / 2));
        CommandRun run = show(ledger);
        assertThat(run.code()).isEqualTo(PrivacyCommand.BROKEN);
        assertThat(run.out()).contains("BROKEN at record 3").contains("rho of sentiment/2 is");
    }

    @Test
    void ledger_withAChangedHashOrTotal_isBrokenThere() throws Exception {
        WrittenLedger hash = new WrittenLedger(2);
        hash.rewrite(3, record -> record.setHash(ByteBuffer.wrap(new byte[32])));
        assertThat(show(hash).out()).contains("BROKEN at record 4").contains("its hash is 0000");
        WrittenLedger total = new WrittenLedger(2);
        total.rewrite(2, record -> record.setRhoSpent(record.getRho()));
        assertThat(show(total).out()).contains("BROKEN at record 3").contains("rho spent is");
    }

    @Test
    void ledger_withAnEntryThatCoordinationHasNotSigned_isBrokenThere() throws Exception {
        WrittenLedger ledger = new WrittenLedger(1);
        ledger.forge(1);
        CommandRun run = show(ledger, "--json");
        assertThat(run.code()).isEqualTo(PrivacyCommand.BROKEN);
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.path("verdict").asText()).isEqualTo("broken");
        assertThat(report.path("brokenAt").asText()).startsWith("record 2 (offset 1");
    }

    @Test
    void ledger_thatReservesARoundTwiceForOtherData_isBrokenThere() throws Exception {
        WrittenLedger ledger = new WrittenLedger(2);
        ledger.reserveAgain(1);
        CommandRun run = show(ledger);
        assertThat(run.code()).isEqualTo(PrivacyCommand.BROKEN);
        assertThat(run.out())
                .contains("BROKEN at record 5")
                .contains("could not have been written")
                .contains("need a new round number");
    }

    @Test
    void ledger_withARecordTwiceOrErased_countsOnceOrIsBroken() throws Exception {
        WrittenLedger ledger = new WrittenLedger(1);
        ledger.entries.add(ledger.entries.get(1));
        assertThat(show(ledger).code()).isZero();
        TranscriptEntry last = ledger.entries.remove(2);
        ledger.entries.add(new TranscriptEntry(last.topic(), 2, last.key(), null));
        assertThat(show(ledger).out()).contains("BROKEN at record 3").contains("it was erased");
    }

    @Test
    void ledger_ofNothing_couldNotRun() throws Exception {
        WrittenLedger ledger = new WrittenLedger(1);
        ledger.entries.clear();
        CommandRun run = show(ledger);
        assertThat(run.code()).isEqualTo(PrivacyCommand.COULD_NOT_RUN);
        assertThat(run.err()).contains("has no ledger record of task sentiment");
        assertThat(CommandRun.of("ledger", "--task", "x", "--trust", "y").code())
                .isEqualTo(PrivacyCommand.COULD_NOT_RUN);
    }
}
