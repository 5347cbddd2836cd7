package dev.sotto.anonymization;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The choice among findings that overlap: the higher score wins, then the longer, then the type that is declared first,
 * then the one that starts first, then the recognizer's name. What a loser covers beyond its winners stays a finding of
 * its own, so that nothing that a recognizer was sure of survives because of a quarrel about its neighbour.
 */
final class ConflictResolution {
    private static final Comparator<RecognizedEntity> ORDER = Comparator.comparingDouble(
                    (RecognizedEntity entity) -> -entity.finding().score())
            .thenComparingInt(entity -> -entity.finding().length())
            .thenComparing(entity -> entity.finding().type())
            .thenComparingInt(entity -> entity.finding().start())
            .thenComparing(RecognizedEntity::recognizer)
            .thenComparing(entity -> entity.finding().why());

    private ConflictResolution() {}

    /** Entities that do not overlap, by position. */
    static List<RecognizedEntity> resolve(NormalizedText text, List<RecognizedEntity> entities) {
        List<RecognizedEntity> ordered = new ArrayList<>(entities);
        ordered.sort(ORDER);
        TreeMap<Integer, RecognizedEntity> chosen = new TreeMap<>();
        for (RecognizedEntity entity : ordered) {
            addUncovered(text.value(), chosen, entity);
        }
        return List.copyOf(chosen.values());
    }

    private static void addUncovered(String text, TreeMap<Integer, RecognizedEntity> chosen, RecognizedEntity entity) {
        Finding finding = entity.finding();
        int from = finding.start();
        Map.Entry<Integer, RecognizedEntity> before = chosen.floorEntry(from);
        if (before != null) {
            from = Math.max(from, before.getValue().finding().end());
        }
        while (from < finding.end()) {
            Map.Entry<Integer, RecognizedEntity> next = chosen.ceilingEntry(from);
            boolean blocked = next != null && next.getKey() < finding.end();
            int to = blocked ? next.getKey() : finding.end();
            if (from == finding.start() && to == finding.end()) {
                chosen.put(from, entity);
            } else if (saysAnything(text, from, to)) {
                chosen.put(from, new RecognizedEntity(finding.within(from, to), entity.recognizer()));
            }
            from = blocked ? next.getValue().finding().end() : to;
        }
    }

    private static boolean saysAnything(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (Character.isLetterOrDigit(text.charAt(i)) || Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
