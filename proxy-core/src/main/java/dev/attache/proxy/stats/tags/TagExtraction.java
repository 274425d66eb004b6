package dev.attache.proxy.stats.tags;

import dev.attache.proxy.stats.StatLabels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;

/**
 * Takes the tags out of stat names: every rule is tried on the whole name, and what the rules match
 * is removed together. Results are kept, since names come again with each scrape. Any thread.
 */
public final class TagExtraction {

    private static final int KEPT = 100_000;

    /** Longer ones are taken apart each time: clients may have a part in them. */
    static final int LONGEST_KEPT = 512;

    /** One label. */
    public record Tag(String name, String value) {}

    /** A name without its tags, and the tags in the order of the rules. */
    public record Tagged(String name, List<Tag> tags) {}

    private final List<TagRule> rules;
    private final Map<String, Tagged> known = new ConcurrentHashMap<>();

    /**
     * @param rules the defaults where they are wanted, then custom ones; as with Envoy, those for
     *     names that begin with a certain word come after the others
     */
    public TagExtraction(List<TagRule> rules) {
        List<TagRule> ordered = new ArrayList<>(rules);
        ordered.sort(Comparator.comparing(TagRule::hasPrefix));
        this.rules = List.copyOf(ordered);
    }

    public Tagged extract(String name) {
        Tagged cached = known.get(name);
        if (cached != null) {
            return cached;
        }
        Tagged tagged = compute(name);
        if (name.length() <= LONGEST_KEPT && known.size() < KEPT) {
            known.put(name, tagged);
        }
        return tagged;
    }

    /**
     * The same of a name that ends in labels that are known already: they follow what rules find.
     */
    public Tagged extract(String name, StatLabels given) {
        if (given.labels().isEmpty()) {
            return extract(name);
        }
        String bare = name.substring(0, name.length() - given.suffix().length());
        Tagged found = given.complete() ? new Tagged(bare, List.of()) : extract(bare);
        List<Tag> tags = new ArrayList<>(found.tags());
        given.labels().forEach(label -> tags.add(new Tag(label.name(), label.value())));
        return new Tagged(found.name(), List.copyOf(tags));
    }

    int known() {
        return known.size();
    }

    private Tagged compute(String name) {
        List<Tag> tags = new ArrayList<>();
        boolean[] removed = new boolean[name.length()];
        for (TagRule rule : rules) {
            if (has(tags, rule.tag())) {
                continue;
            }
            if (rule.fixedValue() != null) {
                tags.add(new Tag(rule.tag(), rule.fixedValue()));
                continue;
            }
            Matcher matcher = rule.find(name);
            if (matcher != null) {
                String value = matcher.groupCount() >= 2 ? matcher.group(2) : matcher.group(1);
                tags.add(new Tag(rule.tag(), value == null ? "" : value));
                for (int i = matcher.start(1); i < matcher.end(1); i++) {
                    removed[i] = true;
                }
            }
        }
        StringBuilder rest = new StringBuilder(name.length());
        for (int i = 0; i < removed.length; i++) {
            if (!removed[i]) {
                rest.append(name.charAt(i));
            }
        }
        return new Tagged(rest.toString(), List.copyOf(tags));
    }

    private static boolean has(List<Tag> tags, String name) {
        for (Tag tag : tags) {
            if (tag.name.equals(name)) {
                return true;
            }
        }
        return false;
    }
}
