package dev.sotto.scoring;

import dev.sotto.bert.Attribution;
import dev.sotto.bert.Occlusion;
import dev.sotto.bert.Scorer;
import dev.sotto.bert.TextPair;
import dev.sotto.contracts.ServingTurn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;

/**
 * Scores a batch and explains its alerts. An explanation costs some twenty scorings, so a batch explains only so many,
 * the most probable first: a flood of alerts slows the job by a bounded factor. Not thread-safe.
 */
final class BatchScoring {
    private final AlertRule rule;
    private final int head;
    private final Counter scored = new SimpleCounter();
    private final Counter explained = new SimpleCounter();
    private int lastSize;
    private long lastMicros;

    /** @param head the head that judges messages, by its place */
    BatchScoring(AlertRule rule, int head) {
        this.rule = rule;
        this.head = head;
    }

    void register(MetricGroup metrics) {
        metrics.counter("scored", scored);
        metrics.counter("explained", explained);
        metrics.gauge("batchSize", () -> lastSize);
        metrics.gauge("batchMicros", () -> lastMicros);
    }

    /** The messages with their scores, in the order given. */
    List<ScoredMessage> score(List<AnonymizedMessage> batch, Scorer scorer, ServingTurn turn) {
        long start = System.nanoTime();
        float[][] probabilities = scorer.probabilities(
                head, batch.stream().map(message -> TextPair.of(message.text())).toList());
        List<String> labels = scorer.design().heads().get(head).labels();
        int label = labels.indexOf(rule.label());
        Set<Integer> toExplain = alerts(probabilities, label);
        List<ScoredMessage> result = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            AnonymizedMessage message = batch.get(i);
            List<WordScore> words = toExplain.contains(i) ? explain(scorer, message.text(), label) : List.of();
            result.add(new ScoredMessage(message, labels, probabilities[i], turn.version(), turn.reach(), words));
        }
        scored.inc(batch.size());
        lastSize = batch.size();
        lastMicros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start);
        return result;
    }

    private Set<Integer> alerts(float[][] probabilities, int label) {
        return IntStream.range(0, probabilities.length)
                .filter(i -> rule.raises(probabilities[i][label]))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> probabilities[i][label])
                        .reversed())
                .limit(rule.perBatch())
                .collect(Collectors.toSet());
    }

    private List<WordScore> explain(Scorer scorer, String text, int label) {
        explained.inc();
        List<Attribution> attributions = Occlusion.explain(scorer, head, text, label, rule.maxWords());
        return attributions.stream()
                .limit(rule.top())
                .map(a -> new WordScore(a.start(), a.end(), a.word(), a.score()))
                .toList();
    }
}
