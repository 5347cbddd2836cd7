package dev.sotto.quickstart.model;

import dev.sotto.connect.flink.StoredVersion;
import dev.sotto.contracts.ServingTurn;
import dev.sotto.contracts.Topics;
import dev.sotto.coordination.ServingLine;
import dev.sotto.coordination.cli.ClientOptions;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.federation.IdentityFile;
import dev.sotto.federation.Trust;
import dev.sotto.secagg.IdentityKeyPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code model rollback}: lets scoring jobs go back. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = ModelCommand.COULD_NOT_RUN,
        description = {
            "Announces, signed by the operator, that an older model serves again: scoring jobs swap to it as they swap to a new one.",
            "Verifies the older model's line and signatures first. Stores, deletes and releases nothing: the model is one that was",
            "published before, so it costs no privacy. Training goes on from the newest model, and the next one it makes serves",
            "again; --through holds that back too."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:announced, or with --dry-run would be",
            "1:could not run, or another announcement came first",
            "2:the line of the older model is broken; nothing was announced"
        })
final class ModelRollbackCommand implements Callable<Integer> {
    @Mixin
    StoreOptions options = new StoreOptions();

    @Option(
            names = "--to",
            required = true,
            paramLabel = "VERSION",
            description = "The version that is to serve again.")
    int to;

    @Option(
            names = "--through",
            paramLabel = "VERSION",
            description =
                    "The last version that serves no more (default: the newest). A later one than there is yet holds models"
                            + " back that are still to be made; this cannot be taken back.")
    @Nullable
    Integer through;

    @Option(
            names = "--trust",
            required = true,
            paramLabel = "FILE",
            description = "The trust file, with the keys of aggregation and operator.")
    Path trust = Path.of("");

    @Option(names = "--identity", required = true, paramLabel = "FILE", description = "The operator's private key.")
    Path identity = Path.of("");

    @Option(
            names = "--dry-run",
            description = "Check everything and say what would be announced, but announce nothing.")
    boolean dryRun;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        Trust trusted = Trust.read(trust);
        IdentityKeyPair operator = operator(trusted);
        List<StoredVersion> versions = options.versions();
        StoredVersion stored = options.version(to);
        VerifiedLine line = VerifiedLine.of(options.task(), versions, to, trusted, manifest -> {});
        Checkpoint back = line.newest();
        if (line.broken() != null || back == null) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "sotto: version %d is not one to go back to: the line is BROKEN at %s; nothing was announced"
                                    .formatted(to, line.broken()));
            return ModelCommand.BROKEN;
        }
        ServingLine serving = new ServingLine(options.task(), client.toProperties(), trusted);
        ServingTurn before = newest(serving);
        ServingTurn turn = turn(before, versions.get(versions.size() - 1).version());
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "task %s: version %d serves, where version %d does now; no other up to %d does any more, version %d would again"
                        .formatted(options.task, to, before.version(), turn.reach(), turn.reach() + 1));
        out.println("sha256 %s at %s".formatted(back.manifest().sha256(), stored.location()));
        out.println("epsilon %s; published before, so that nothing new is released and nothing is spent"
                .formatted(Words.spent(back.manifest())));
        if (dryRun) {
            out.println("dry run: nothing was announced");
        } else {
            announce(serving, back, stored, turn, operator);
            out.println("announced on %s".formatted(Topics.MODELS.name()));
        }
        out.flush();
        return ModelCommand.HOLDS;
    }

    private IdentityKeyPair operator(Trust trusted) {
        IdentityKeyPair operator = IdentityFile.read(identity);
        if (!trusted.server(Trust.OPERATOR).equals(Optional.of(operator.publicKey()))) {
            throw new ConfigurationException(
                    "%s is not the key of 'servers.%s' in %s, so that nobody would follow; give the operator's key"
                            .formatted(identity, Trust.OPERATOR, trust));
        }
        return operator;
    }

    private ServingTurn newest(ServingLine serving) {
        try {
            return serving.newest()
                    .orElseThrow(() -> new ConfigurationException("%s has no model of task %s that %s vouches for"
                            .formatted(Topics.MODELS.name(), options.task, trust)));
        } catch (KafkaException e) {
            throw new ConfigurationException("cannot read %s: %s".formatted(Topics.MODELS.name(), e.getMessage()), e);
        }
    }

    /** The place of the rollback in the order in which models serve. */
    private ServingTurn turn(ServingTurn before, int stored) {
        int newest = Math.max(before.reach(), stored);
        int reach = through == null ? newest : through;
        if (reach < newest) {
            throw new ConfigurationException(
                    "--through is %d but must be at least %d, the newest version there is or that a rollback has withdrawn"
                            .formatted(reach, newest));
        }
        if (to > reach) {
            throw new ConfigurationException("--to is %d but must be at most %d".formatted(to, reach));
        }
        ServingTurn turn = new ServingTurn(to, reach);
        if (!turn.isAfter(before)) {
            throw new ConfigurationException(
                    "version %d serves already, and stands in for versions up to %d; --to must be below it, or --through at least %d"
                            .formatted(before.version(), before.reach(), before.reach() + 1));
        }
        return turn;
    }

    private void announce(
            ServingLine serving, Checkpoint back, StoredVersion stored, ServingTurn turn, IdentityKeyPair operator)
            throws InterruptedException {
        try {
            serving.rollBack(back, stored.location(), turn.reach(), operator);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "%s does not take the rollback: %s".formatted(Topics.MODELS.name(), e.getMessage()), e);
        }
        ServingTurn now = newest(serving);
        if (!now.equals(turn)) {
            throw new ConfigurationException(
                    "version %d was announced meanwhile and serves; roll back again to withdraw it too"
                            .formatted(now.version()));
        }
    }
}
