package dev.sotto.coordination.privacy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** A plan for people, and for machines. */
final class PlanText {
    private static final int MOST_ROWS = 40;

    private final NoisePlan plan;

    PlanText(NoisePlan plan) {
        this.plan = plan;
    }

    void print(PrintWriter out) {
        facts().forEach(fact -> out.println("%-12s %s".formatted(fact[0], fact[1])));
        out.println();
        out.println("  round      epsilon");
        for (int round : rows()) {
            out.println("  %5d %12s".formatted(round, Figures.atMost(plan.epsilonAfter(round))));
        }
        out.println();
        out.println(plan.statement(plan.rounds()).sentence());
        plan.warnings().forEach(warning -> out.println("WARNING: " + warning));
    }

    /** What is planned, in pairs of a name and a line. */
    List<String[]> facts() {
        int bits = plan.task().encoding().ringBits();
        List<String[]> facts = new ArrayList<>(List.of(
                fact("task", "%s: %d sites in every sum, %d rounds", plan.task().task(), plan.sites(), plan.rounds()),
                fact("mode", "%s: %s", plan.task().privacy().mode(), plan.mechanism()),
                fact("unit", "%1$s; neighbours: add or remove one %1$s", plan.unit()),
                fact(
                        "noise",
                        "multiplier %s (%s), sigma %d lattice units for sensitivity %s; rho %s a round",
                        Figures.near(plan.task().privacy().noiseMultiplier()),
                        plan.calibrated() ? "calibrated" : "as the task says",
                        plan.chargedSigma(),
                        Figures.near(plan.sensitivity()),
                        Figures.near(plan.rho())),
                fact("sampler", "%s", sampler()),
                fact("ring", "%d bits: the sum fits; the narrowest that holds it has %d", bits, plan.narrowestRing()),
                fact(
                        "utility",
                        "noise %s an entry of the mean%s, signal at most %s (clip/sqrt d): ratio %s, cosine to the exact mean %s: %s",
                        Figures.near(plan.noisePerEntry(), 4),
                        plan.unit() == PrivacyUnit.RECORD ? " gradient of a round's steps at all sites" : "",
                        Figures.near(plan.signalPerEntry(), 4),
                        Figures.near(plan.noiseToSignal(), 4),
                        Figures.near(plan.cosine(), 3),
                        plan.utility())));
        plan.task()
                .clipNoise(plan.sites())
                .ifPresent(noise -> facts.add(fact(
                        "clip",
                        "adaptive: begins at %s; the released share of unclipped updates is exact to %s, and its number costs no budget of its own",
                        Figures.near(plan.task().encoding().clipNorm()),
                        Figures.near(noise, 2))));
        plan.task()
                .tallyNoise(plan.sites())
                .ifPresent(noise -> facts.add(fact(
                        "classes",
                        "each count of judgements by class is exact to %s of at most %d, at no budget of its own",
                        Figures.near(noise, 2),
                        plan.sites()
                                * Objects.requireNonNull(plan.task().encoding().tally())
                                        .judged())));
        return List.copyOf(facts);
    }

    private String sampler() {
        double delta = plan.samplerDelta();
        return delta <= plan.task().privacy().delta()
                ? "its distance from the exact distribution adds at most %s to delta".formatted(Figures.near(delta, 2))
                : "at so large an epsilon its distance from the exact distribution (2^-64 a draw) cannot be charged within delta";
    }

    private static String[] fact(String name, String line, Object... values) {
        return new String[] {name, line.formatted(values)};
    }

    /** The rounds to show: all, or as many as fit a page, the first and the last among them. */
    int[] rows() {
        int rounds = plan.rounds();
        int rows = Math.min(rounds, MOST_ROWS);
        return rows == 1
                ? new int[] {1}
                : IntStream.range(0, rows)
                        .map(row -> 1 + (int) ((long) row * (rounds - 1) / (rows - 1)))
                        .toArray();
    }

    String json() {
        ObjectNode root = Json.object()
                .put("task", plan.task().task())
                .put("sites", plan.sites())
                .put("rounds", plan.rounds())
                .put("mode", plan.task().privacy().mode());
        plan.statement(plan.rounds()).into(root);
        root.put("noiseMultiplier", plan.task().privacy().noiseMultiplier())
                .put("calibrated", plan.calibrated())
                .put("sigma", plan.chargedSigma())
                .put("sensitivity", plan.sensitivity())
                .put("rho", plan.rho())
                .put("samplerDelta", plan.samplerDelta())
                .put("ringBits", plan.task().encoding().ringBits())
                .put("narrowestRingBits", plan.narrowestRing())
                .put("noisePerEntry", plan.noisePerEntry())
                .put("signalPerEntry", plan.signalPerEntry())
                .put("noiseToSignal", plan.noiseToSignal())
                .put("cosine", plan.cosine())
                .put("utility", plan.utility())
                .put("roundsWithinBudget", plan.affordable());
        plan.task().clipNoise(plan.sites()).ifPresent(noise -> root.put("clipShareNoise", noise));
        plan.task().tallyNoise(plan.sites()).ifPresent(noise -> root.put("classCountNoise", noise));
        ArrayNode epsilons = root.putArray("epsilonAfterRound");
        Arrays.stream(plan.epsilons()).forEach(epsilons::add);
        ArrayNode warnings = root.putArray("warnings");
        plan.warnings().forEach(warnings::add);
        return Json.text(root);
    }
}
