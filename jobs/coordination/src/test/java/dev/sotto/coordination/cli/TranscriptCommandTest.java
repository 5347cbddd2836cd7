package dev.sotto.coordination.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.contracts.audit.TranscriptEntry;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundAborted;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TranscriptCommandTest {
    private static TranscriptHistory history;
    private static List<TranscriptEntry> all;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void play() {
        history = new TranscriptHistory();
        all = new ArrayList<>(history.rounds());
        all.addAll(history.ledger());
    }

    private int run(String... arguments) {
        return new CommandLine(new TranscriptCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println(failure.getMessage());
                    return 1;
                })
                .execute(arguments);
    }

    private int verify(Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of("verify", "--file", file.toString()));
        arguments.addAll(List.of("--task", at("task.yaml"), "--trust", at("trust.yaml")));
        arguments.addAll(Arrays.asList(more));
        return run(arguments.toArray(String[]::new));
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "verify,--seen,believes nothing else",
        "export,--out,without a network",
        "prove,--site,checks it without the transcript",
        "verify-proof,--proof,it does not hold"
    })
    void help_ofEveryCommand_namesItsOptionsAndWhatItDoes(String command, String option, String sentence) {
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString()).contains(option).contains(sentence);
    }

    @Test
    void verify_whatCoordinationItselfHasWritten_isVerifiedWithItsLedger() throws Exception {
        assertThat(verify(history.write(directory, all), "--ledger"))
                .as("%s", out)
                .isZero();
        assertThat(out.toString())
                .contains("block 1, records 1 to 12: cohort of 4, complete graph, threshold 3")
                .contains("4 sealed, 3 countersigned")
                .contains("dropped out: site-d")
                .contains("VERIFIED: 13 records, 2 rounds with a result")
                .contains("the task has ended")
                .doesNotContain("findings")
                .doesNotContain("they were not read");
    }

    @Test
    void verify_withoutTheLedger_saysThatItWasNotChecked() throws Exception {
        Path file = history.write(directory, history.rounds());
        assertThat(verify(file)).isZero();
        assertThat(out.toString()).contains("the ledger's own records (fl.ledger): they were not read");
        assertThat(verify(file, "--ledger")).isEqualTo(1);
        assertThat(err.toString()).contains("has no record of fl.ledger");
    }

    @Test
    void verify_aForkedTranscript_endsWithTwoAndSaysWhy() throws Exception {
        byte[] fork = history.play
                .parties
                .coordination()
                .sealBytes(
                        history.play.task.id(),
                        Kind.ROUND_ABORTED,
                        history.play.transcript().last(Kind.ROUND_RESULT).position(),
                        new RoundAborted(2, "another story"));
        TranscriptEntry result = all.get(11);
        List<TranscriptEntry> forked = new ArrayList<>(all);
        forked.add(12, new TranscriptEntry(result.topic(), 12, result.key(), fork));
        assertThat(verify(history.write(directory, forked))).isEqualTo(2);
        assertThat(out.toString())
                .contains("record 12, ROUND_ABORTED: FORK")
                .contains("expected  one record with number 12")
                .contains("found     a second one")
                .contains("matters   coordination has signed two histories")
                .contains("FINDINGS: 1; verified up to record 11 of 13. The chain is broken at record 12")
                .doesNotContain("VERIFIED:");
    }

    @Test
    void verify_asJson_holdsTheSame() throws Exception {
        List<TranscriptEntry> cut = new ArrayList<>(all);
        cut.remove(8);
        assertThat(verify(history.write(directory, cut), "--json")).isEqualTo(2);
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.path("verdict").asText()).isEqualTo("findings");
        assertThat(report.path("brokenAt").asInt()).isEqualTo(9);
        assertThat(report.path("verifiedUpTo").asInt()).isEqualTo(8);
        JsonNode finding = report.path("findings").get(0);
        assertThat(finding.path("rule").asText()).isEqualTo("gap");
        assertThat(finding.path("sequence").asInt()).isEqualTo(10);
        assertThat(finding.path("why").asText()).isNotBlank();
        assertThat(report.path("blocks")
                        .get(0)
                        .path("rounds")
                        .get(0)
                        .path("outcome")
                        .asText())
                .isEqualTo("RUNNING");
        assertThat(report.path("notChecked")).isNotEmpty();
    }

    @Test
    void verify_againstWhatASiteHasSeen_noticesATranscriptThatLacksIt() throws Exception {
        Path file = history.write(directory, all);
        assertThat(verify(file)).isZero();
        String printed = out.toString();
        String head = printed.substring(printed.indexOf("head ") + 5, printed.indexOf('\n'));
        assertThat(verify(file, "--seen", head)).isZero();
        String other = head.substring(0, head.length() - 1) + (head.endsWith("0") ? "1" : "0");
        assertThat(verify(file, "--seen", other)).isEqualTo(2);
        assertThat(out.toString()).contains("SEEN");
        assertThat(verify(file, "--seen", "12")).isEqualTo(1);
        assertThat(err.toString()).contains("'12' is no position");
    }

    @Test
    void verify_whatCannotBeRead_endsWithOne() throws Exception {
        Path file = history.write(directory, all);
        assertThat(verify(directory.resolve("nothing.jsonl"))).isEqualTo(1);
        assertThat(run("verify", "--task", at("task.yaml"), "--trust", at("trust.yaml")))
                .isEqualTo(1);
        Files.writeString(
                directory.resolve("task.yaml"),
                Files.readString(directory.resolve("task.yaml")).replace("task: sentiment", "task: risk"));
        assertThat(verify(file)).isEqualTo(1);
        assertThat(err.toString())
                .contains("cannot read " + at("nothing.jsonl"))
                .contains("names task 'sentiment', not 'risk'");
    }

    @Test
    void verify_withATrustFileWithoutCoordination_endsWithOne() throws Exception {
        Path file = history.write(directory, all);
        Path trust = directory.resolve("trust.yaml");
        Files.writeString(trust, Files.readString(trust).replaceAll("(?m)^  coordination:.*$", ""));
        assertThat(verify(file)).isEqualTo(1);
        assertThat(err.toString()).contains("has no key 'servers.coordination'");
    }

    @Test
    void verify_underAnotherTaskFile_findsThatSitesAgreedToSomethingElse() throws Exception {
        Path file = history.write(directory, all);
        Path task = directory.resolve("task.yaml");
        Files.writeString(task, Files.readString(task).replace("noiseMultiplier: 1.0", "noiseMultiplier: 2.0"));
        assertThat(verify(file)).isEqualTo(2);
        assertThat(out.toString())
                .contains("TASK_CHANGED")
                .contains("ROUND_SETTINGS")
                .contains("expected  sigma");
    }

    @Test
    void prove_andVerifyProof_agreeAndAnAlteredProofDoesNotHold() throws Exception {
        Path file = history.write(directory, all);
        assertThat(run(prove(file, "site-b", "1"))).isZero();
        Path proof = Files.writeString(directory.resolve("proof.json"), out.toString());
        assertThat(run("verify-proof", "--proof", proof.toString(), "--trust", at("trust.yaml")))
                .isZero();
        assertThat(out.toString())
                .contains("HOLDS: the bundle of site-b")
                .contains("number 2 of 4 in the seal of block 1");
        Files.writeString(proof, Files.readString(proof).replace("\"index\" : 1", "\"index\" : 2"));
        assertThat(run("verify-proof", "--proof", proof.toString(), "--trust", at("trust.yaml")))
                .isEqualTo(2);
        assertThat(out.toString()).contains("DOES NOT HOLD");
        Files.writeString(proof, "{}");
        assertThat(run("verify-proof", "--proof", proof.toString(), "--trust", at("trust.yaml")))
                .isEqualTo(1);
    }

    @Test
    void prove_whatIsNotThere_endsWithOne() throws Exception {
        Path file = history.write(directory, all);
        assertThat(run(prove(file, "site-b", "2"))).isEqualTo(1);
        assertThat(err.toString()).contains("block 2 of task sentiment has no seal");
        assertThat(run(prove(file, "Site B", "1"))).isEqualTo(1);
        assertThat(err.toString()).contains("--site: ");
    }

    private String[] prove(Path file, String site, String block) {
        return new String[] {
            "prove",
            "--file",
            file.toString(),
            "--trust",
            at("trust.yaml"),
            "--task-id",
            "sentiment",
            "--site",
            site,
            "--block",
            block
        };
    }
}
