package dev.sotto.coordination.cli;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.audit.SealInclusion;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.federation.Trust;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code transcript verify-proof}: checks what {@code prove} printed. */
@Command(
        name = "verify-proof",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = TranscriptCommand.COULD_NOT_RUN,
        description = "Checks the proof that a site's bundle is in the seal of a block, under a trust file alone.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it holds", "1:could not run", "2:it does not hold"})
final class TranscriptVerifyProofCommand implements Callable<Integer> {
    @Option(names = "--proof", required = true, paramLabel = "FILE", description = "What 'prove' printed.")
    Path proof = Path.of("");

    @Option(names = "--trust", required = true, paramLabel = "FILE", description = "The trust file.")
    Path trust = Path.of("");

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        SealInclusion inclusion = TranscriptProof.read(proof);
        EnvelopeVerifier verifier = new EnvelopeVerifier(Trust.read(trust));
        PrintWriter out = spec.commandLine().getOut();
        try {
            inclusion.verify(verifier);
            SignedRecord seal = verifier.open(inclusion.seal());
            out.println(
                    "HOLDS: the bundle of %s with hash %s is number %d of %d in the seal of block %d of task %s, record %d"
                            .formatted(
                                    inclusion.proof().site(),
                                    HexFormat.of()
                                            .formatHex(verifier.open(inclusion.bundle())
                                                    .hash()),
                                    inclusion.proof().index() + 1,
                                    inclusion.proof().leaves(),
                                    seal.payload(Seal.class).getBlock(),
                                    seal.task(),
                                    seal.position().sequence()));
            out.flush();
            return TranscriptCommand.HOLDS;
        } catch (RejectedRecordException e) {
            out.println("DOES NOT HOLD: " + e.getMessage());
            out.flush();
            return TranscriptCommand.FINDINGS;
        }
    }
}
