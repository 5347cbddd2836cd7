package dev.sotto.coordination.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.coordination.fixture.Play;
import dev.sotto.federation.RecordNoise;
import dev.sotto.federation.TaskDefinition;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PrivacyAuditCommandTest {
    @TempDir
    Path directory;

    private Path task(String mode) throws Exception {
        String text = Play.text()
                .replace("noiseMultiplier: 1.0", "noiseMultiplier: 2.0")
                .replace("chunkEntries: 128", mode.equals("central") ? "chunkEntries: 128" : "chunkEntries: 132")
                .replace("mode: central", "mode: " + mode);
        return Files.writeString(directory.resolve("task.yaml"), text);
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void audit_ofTheTasksOwnNoise_doesNotRefuteTheClaim() throws Exception {
        CommandRun run = CommandRun.of("audit", "--task", task("central").toString(), "--json");
        assertThat(run.code()).as("%s", run).isZero();
        JsonNode report = json(run.out());
        assertThat(report.path("verdict").asText()).isEqualTo("not refuted");
        double claim = report.path("claim").path("epsilon").asDouble();
        assertThat(claim).isBetween(2.0, 2.6);
        assertThat(report.path("epsilonLowerBound").asDouble()).isLessThan(claim);
        assertThat(report.path("claim").path("unit").asText()).isEqualTo("site");
        assertThat(run.err()).contains("100 of ");
    }

    @Test
    void audit_ofNoiseThatSitesAdd_doesNotRefuteTheClaim() throws Exception {
        CommandRun run = CommandRun.of("audit", "--task", task("distributed").toString(), "--canaries", "200");
        assertThat(run.code()).as("%s", run).isZero();
        assertThat(run.out()).contains("NOT REFUTED").contains("distributed discrete Gaussian");
    }

    @Test
    void audit_withTheNoiseLeftOut_refutesTheClaim() throws Exception {
        StringWriter out = new StringWriter();
        PrivacyAuditCommand command = new PrivacyAuditCommand();
        new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        int code = command.auditSites(TaskDefinition.read(task("central")), (sum, context) -> {}, new SecureRandom());
        assertThat(code).isEqualTo(PrivacyCommand.BROKEN);
        assertThat(out.toString()).contains("REFUTED: the guesses are too good").doesNotContain("NOT REFUTED");
    }

    private Path recordTask(double z) throws Exception {
        String text = Play.text()
                .replace("noiseMultiplier: 1.0", "noiseMultiplier: " + z)
                .replace("mode: central", "record: {samplingRate: 1.0, clipNorm: 1.0}, mode: record")
                .replace("priorCorrection: true", "priorCorrection: false");
        return Files.writeString(directory.resolve("record.yaml"), text);
    }

    @Test
    void audit_ofTrainingThatProtectsRecords_claimsThemAndDoesNotRefute() throws Exception {
        CommandRun run = CommandRun.of("audit", "--task", recordTask(6).toString(), "--json");
        assertThat(run.code()).as("%s", run).isZero();
        JsonNode claim = json(run.out()).path("claim");
        assertThat(claim.path("unit").asText()).isEqualTo("record");
        assertThat(claim.path("mechanism").asText()).contains("DP-SGD at the sites", "tcdp of orders 2 to ");
        assertThat(json(run.out()).path("epsilonLowerBound").asDouble())
                .isLessThan(claim.path("epsilon").asDouble());
    }

    @Test
    void audit_ofTrainingWithATenthOfItsNoise_refutesTheClaim() throws Exception {
        StringWriter out = new StringWriter();
        PrivacyAuditCommand command = new PrivacyAuditCommand();
        new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        TaskDefinition task = TaskDefinition.read(recordTask(10));
        RecordNoise own = task.recordNoise().orElseThrow();
        RecordNoise tenth = new RecordNoise(own.samplingRate(), own.clipNorm(), own.dimension(), 1);
        int code = command.auditRecords(task, tenth, new SecureRandom());
        assertThat(out.toString()).contains("REFUTED: the guesses are too good").doesNotContain("NOT REFUTED");
        assertThat(code).isEqualTo(PrivacyCommand.BROKEN);
    }

    @Test
    void audit_ofTrainingThatDoesNotClip_refutesTheClaim() throws Exception {
        StringWriter out = new StringWriter();
        PrivacyAuditCommand command = new PrivacyAuditCommand();
        new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(new StringWriter()));
        TaskDefinition task = TaskDefinition.read(recordTask(10));
        RecordNoise own = task.recordNoise().orElseThrow();
        // A clip ten times as large under the same noise in units of a gradient: as if gradients were not clipped.
        RecordNoise unclipped =
                new RecordNoise(own.samplingRate(), 10 * own.clipNorm(), own.dimension(), own.noiseMultiplier() / 10);
        assertThat(command.auditRecords(task, unclipped, new SecureRandom())).isEqualTo(PrivacyCommand.BROKEN);
    }

    @Test
    void audit_overRoundsOfTheSameCanaries_claimsTheirSum() throws Exception {
        CommandRun once = CommandRun.of("audit", "--task", task("central").toString(), "--canaries", "40", "--json");
        CommandRun twice = CommandRun.of(
                "audit", "--task", task("central").toString(), "--canaries", "40", "--rounds", "2", "--json");
        assertThat(json(twice.out()).path("claim").path("epsilon").asDouble())
                .isGreaterThan(json(once.out()).path("claim").path("epsilon").asDouble());
    }

    @Test
    void audit_withMoreCanariesThanParametersOrTooFew_isRefused() throws Exception {
        CommandRun many = CommandRun.of("audit", "--task", task("central").toString(), "--canaries", "100000");
        assertThat(many.code()).isEqualTo(PrivacyCommand.COULD_NOT_RUN);
        assertThat(many.err()).contains("--canaries is 100000 but must be at most the parameters of the task");
        CommandRun few = CommandRun.of("audit", "--task", task("central").toString(), "--canaries", "3");
        assertThat(few.err()).contains("--canaries is 3 but must be at least 20");
    }
}
