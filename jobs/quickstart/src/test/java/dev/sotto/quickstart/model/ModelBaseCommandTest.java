package dev.sotto.quickstart.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.bert.BaseModel;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.quickstart.Sotto;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBaseCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int base(String name) {
        return Sotto.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute("model", "base", name);
    }

    @Test
    void base_ofAKnownName_isALineThatATaskFileTakes(@TempDir Path directory) throws Exception {
        assertThat(base("all-minilm-l6-v2")).as("%s", err).isZero();
        String task = Files.readString(Path.of("src/main/resources/quickstart/task.yaml"));
        Path file = directory.resolve("task.yaml");
        Files.writeString(
                file, task.replaceFirst("(?m)^base: .*$", out.toString().strip()));
        TaskDefinition pinned = TaskDefinition.read(file);
        assertThat(pinned.base().isPinned()).isTrue();
        assertThat(BaseModel.load(pinned.base()).spec()).isEqualTo(pinned.base());
    }

    @Test
    void base_thatIsNotThere_saysWhatWasLookedFor() {
        assertThat(base("/no/such/base")).isEqualTo(ModelCommand.COULD_NOT_RUN);
        assertThat(err.toString()).contains("/no/such/base is not a directory");
    }
}
