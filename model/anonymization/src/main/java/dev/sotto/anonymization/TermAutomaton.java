package dev.sotto.anonymization;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A search for many terms at once, ignoring case, in one pass over the text (Aho and Corasick, Efficient String
 * Matching, 1975). A term that begins or ends in an ASCII letter or digit must not continue beyond the match; other
 * scripts have no such boundary. Immutable.
 */
final class TermAutomaton {
    private static final class Node {
        private final Map<Character, Node> next = new HashMap<>();
        private @Nullable Node fail;
        private @Nullable Node shorterTerm;
        private int termLength;
    }

    /** Receives a match, which covers [start, end). */
    interface Match {
        void at(int start, int end);
    }

    private final Node root = new Node();

    TermAutomaton(Collection<String> terms) {
        for (String term : terms) {
            Node node = root;
            for (int i = 0; i < term.length(); i++) {
                node = node.next.computeIfAbsent(Character.toLowerCase(term.charAt(i)), c -> new Node());
            }
            node.termLength = term.length();
        }
        link();
    }

    private void link() {
        Deque<Node> open = new ArrayDeque<>(List.of(root));
        while (!open.isEmpty()) {
            Node node = open.remove();
            for (Map.Entry<Character, Node> edge : node.next.entrySet()) {
                Node child = edge.getValue();
                Node fail = node == root || node.fail == null ? root : step(node.fail, edge.getKey());
                child.fail = fail;
                child.shorterTerm = fail.termLength > 0 ? fail : fail.shorterTerm;
                open.add(child);
            }
        }
    }

    private Node step(Node from, char c) {
        Node node = from;
        while (true) {
            Node next = node.next.get(c);
            if (next != null) {
                return next;
            }
            if (node.fail == null) {
                return root;
            }
            node = node.fail;
        }
    }

    /** Reports every occurrence of every term that lies within [from, to) of the text. */
    void search(String text, int from, int to, Match match) {
        Node node = root;
        for (int at = from; at < to; at++) {
            node = step(node, Character.toLowerCase(text.charAt(at)));
            Node term = node.termLength > 0 ? node : node.shorterTerm;
            while (term != null) {
                int start = at + 1 - term.termLength;
                if (whole(text, start, at + 1)) {
                    match.at(start, at + 1);
                }
                term = term.shorterTerm;
            }
        }
    }

    private static boolean whole(String text, int start, int end) {
        boolean before = !Ascii.isLetterOrDigit(text.charAt(start)) || !Ascii.wordBefore(text, start);
        boolean after = !Ascii.isLetterOrDigit(text.charAt(end - 1)) || !Ascii.wordAt(text, end);
        return before && after;
    }
}
