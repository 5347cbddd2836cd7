package dev.sotto.coordination.privacy;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** One run of {@code privacy ...}, with what it printed. */
record CommandRun(int code, String out, String err) {
    static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new PrivacyCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((failure, command, result) -> {
                    command.getErr().println(failure);
                    return 1;
                })
                .execute(arguments);
        return new CommandRun(code, out.toString(), err.toString());
    }

    static CommandRun ofLine(String line) {
        return of(line.split(" "));
    }
}
