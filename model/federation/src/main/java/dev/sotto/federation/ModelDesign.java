package dev.sotto.federation;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is trained on top of a base model.
 *
 * @param heads one or more, at most one of them of tokens
 * @param statistics columns of numbers to be counted and averaged beside
 * @param maxTokens tokens a text is cut to, 8 to 512
 */
public record ModelDesign(AdapterSpec adapter, List<HeadSpec> heads, List<StatisticSpec> statistics, int maxTokens)
        implements Serializable {
    public ModelDesign {
        heads = List.copyOf(heads);
        statistics = List.copyOf(statistics);
        Check.require(!heads.isEmpty(), "heads", heads, "at least one");
        Set<String> names = new HashSet<>();
        heads.forEach(head -> Check.require(names.add(head.name()), "heads.name", head.name(), "of one head alone"));
        statistics.forEach(column ->
                Check.require(names.add(column.column()), "statistics.column", column.column(), "named once"));
        long ofTokens =
                heads.stream().filter(head -> head.kind() == HeadKind.TOKENS).count();
        Check.require(ofTokens <= 1, "the number of heads of kind tokens", ofTokens, "at most 1");
        Check.require(maxTokens >= 8 && maxTokens <= 512, "maxTokens", maxTokens, "between 8 and 512");
    }

    /** A design of one head that classifies texts. */
    public static ModelDesign classifier(AdapterSpec adapter, String name, List<String> labels, int maxTokens) {
        return new ModelDesign(adapter, List.of(new HeadSpec(name, HeadKind.TEXT, labels)), List.of(), maxTokens);
    }

    /**
     * The place of a head.
     *
     * @throws ConfigurationException if there is none of that name
     */
    public int head(String name) {
        List<String> names = heads.stream().map(HeadSpec::name).toList();
        Check.require(names.contains(name), "the head", name, "one of " + names);
        return names.indexOf(name);
    }

    /** The place of the head of tokens, or -1 if there is none. */
    public int tokensHead() {
        for (int head = 0; head < heads.size(); head++) {
            if (heads.get(head).kind() == HeadKind.TOKENS) {
                return head;
            }
        }
        return -1;
    }
}
