package dev.attache.proxy.explain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Facts in the order in which they were found out, by name: a text, a number, a truth, further
 * facts, or a list of texts or facts. What became of a JSON object. Filled by one thread, then read
 * by another.
 */
public final class Explanation {

    /** A list longer than that is cut, and says so: tables of a hundred thousand routes exist. */
    public static final int MOST_ITEMS = 200;

    /** What is said of a filter whose doing depends on what only its run brings. */
    public static final String RUNS =
            "runs, not run here: what it does is known only when it does it";

    /** The answer of whoever would be asked. */
    private static final String TAKEN = "asked; the answer here taken as OK";

    private final Map<String, Object> facts = new LinkedHashMap<>();

    /** Null says nothing. */
    public Explanation say(String name, @Nullable String text) {
        if (text != null) {
            facts.put(name, text);
        }
        return this;
    }

    public Explanation say(String name, long number) {
        facts.put(name, number);
        return this;
    }

    public Explanation say(String name, boolean truth) {
        facts.put(name, truth);
        return this;
    }

    /** Texts in their order. */
    public Explanation say(String name, List<String> texts) {
        facts.put(name, new ArrayList<Object>(texts));
        return this;
    }

    /** The same fact as another has under a name, if it has one. */
    public Explanation take(String name, Explanation from) {
        Object fact = from.facts.get(name);
        if (fact != null) {
            facts.put(name, fact);
        }
        return this;
    }

    /**
     * Somebody would be asked before it goes on, who is not: what follows is as if the answer were
     * yes.
     *
     * @param whom in words
     */
    public Explanation asks(String whom) {
        return say("asks", whom).say("answer", TAKEN);
    }

    /** Facts that were found out elsewhere. */
    public Explanation put(String name, Explanation part) {
        facts.put(name, part);
        return this;
    }

    /** Further facts under a name; the same ones where there are some already. */
    public Explanation part(String name) {
        return facts.get(name) instanceof Explanation known ? known : fresh(name);
    }

    private Explanation fresh(String name) {
        Explanation made = new Explanation();
        facts.put(name, made);
        return made;
    }

    /**
     * One more entry of a list of facts. Behind {@link #MOST_ITEMS} of them entries are counted
     * alone, under {@code <name>_left_out}.
     */
    public Explanation item(String name) {
        Explanation made = new Explanation();
        List<Object> list = list(name);
        if (list.size() < MOST_ITEMS) {
            list.add(made);
        } else {
            String rest = name + "_left_out";
            say(rest, facts.get(rest) instanceof Long count ? count + 1 : 1);
        }
        return made;
    }

    /** Makes the list be there, if only empty. */
    public Explanation empty(String name) {
        list(name);
        return this;
    }

    @SuppressWarnings("unchecked") // lists are made here alone
    private List<Object> list(String name) {
        return (List<Object>) facts.computeIfAbsent(name, key -> new ArrayList<>());
    }

    /**
     * What was said, in its order: {@code String}, {@code Long}, {@code Boolean}, {@link
     * Explanation}, or a {@code List} of {@code String} or {@link Explanation}.
     */
    public Map<String, Object> facts() {
        return Collections.unmodifiableMap(facts);
    }

    /** A text that was said, or null. */
    public @Nullable String text(String name) {
        return facts.get(name) instanceof String text ? text : null;
    }

    @Override
    public String toString() {
        return facts.toString();
    }
}
