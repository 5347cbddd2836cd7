package dev.sotto.bert;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entities as a tag a word, outside, beginning or inside of a kind (BIO: Ramshaw and Marcus 1995), and back. A word's tag is that of
 * its first token; a word that lies partly in an entity is in it. Stateless.
 */
final class WordTags {
    /** The tag of a token that is not learned from: not a word's first, or of a text that was not looked through. */
    static final int NONE = -100;

    private static final int OUTSIDE = 0;

    private WordTags() {}

    private static int beginning(int label) {
        return 1 + 2 * label;
    }

    /** The tags of a text's tokens. */
    static int[] of(TokenizedText text, @Nullable List<EntitySpan> entities) {
        int[] tags = new int[text.length()];
        @Nullable EntitySpan open = null;
        for (int token = 0; token < tags.length; token++) {
            if (entities == null || !text.beginsWord(token)) {
                tags[token] = NONE;
                continue;
            }
            EntitySpan entity = at(entities, text.wordStarts()[token], text.wordEnds()[token]);
            tags[token] = entity == null ? OUTSIDE : beginning(entity.label()) + (entity.equals(open) ? 1 : 0);
            open = entity;
        }
        return tags;
    }

    private static @Nullable EntitySpan at(List<EntitySpan> entities, int start, int end) {
        for (EntitySpan entity : entities) {
            if (start < entity.end() && entity.start() < end) {
                return entity;
            }
        }
        return null;
    }

    /**
     * The entities that tags mean. An inside tag that does not continue an entity of its kind begins one, as in the CoNLL
     * evaluation.
     *
     * @param tags of the text's tokens; those of tokens that begin no word are not looked at
     */
    static List<EntitySpan> entities(TokenizedText text, int[] tags) {
        List<EntitySpan> entities = new ArrayList<>();
        int label = -1;
        int start = 0;
        int end = 0;
        for (int token = 0; token < text.length(); token++) {
            if (!text.beginsWord(token)) {
                continue;
            }
            int tag = tags[token];
            int kind = tag == OUTSIDE ? -1 : (tag - 1) / 2;
            if (label >= 0 && (kind != label || tag == beginning(kind))) {
                entities.add(new EntitySpan(start, end, label));
                label = -1;
            }
            if (kind >= 0) {
                start = label < 0 ? text.wordStarts()[token] : start;
                end = text.wordEnds()[token];
                label = kind;
            }
        }
        if (label >= 0) {
            entities.add(new EntitySpan(start, end, label));
        }
        return entities;
    }
}
