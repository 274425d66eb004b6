package dev.attache.config.load.tree;

import dev.attache.config.SourcePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * YAML to {@link ConfigNode}s, with the meaning Envoy gives to scalars (yaml-cpp, then Struct):
 * quoted and block scalars are text, unless they have a tag other than {@code !}, which says
 * nothing else; {@code yes/no/on/off/y/n} are booleans; hexadecimal and octal integers are
 * converted; integers beyond 32 bits and all fractions stay text, to be converted when the field's
 * type is known; a map key tagged {@code !ignore} is dropped with its value; {@code <<} is an
 * ordinary key; of a repeated key the last value wins; only the first document counts.
 */
public final class YamlReader {
    private static final String IGNORE = "!ignore";
    private static final String NOT_SPECIFIC = "!";
    private static final int MAX_ALIASES = 10_000;
    private static final int MAX_NODES = 5_000_000;

    /** Entries up to which repeated keys are looked for without a table. */
    private static final int FEW = 8;

    /**
     * What an anchor names.
     *
     * @param text of a scalar as it is written, or null
     * @param size how many nodes it is, what its aliases stand for included
     * @param height how many levels
     */
    private record Anchored(ConfigNode node, @Nullable String text, int size, int height) {}

    private final String file;
    private final ParserImpl parser;

    /** Null while the node is being read: it cannot stand within itself. */
    private final Map<Anchor, @Nullable Anchored> anchors = new HashMap<>();

    private int aliases;

    /** Nodes so far, each as often as it stands for something. */
    private int nodes;

    /** The deepest level since it was last set. */
    private int deepest;

    private YamlReader(String file, ParserImpl parser) {
        this.file = file;
        this.parser = parser;
    }

    public static ConfigNode read(String file, String text) throws SyntaxException {
        LoadSettings settings =
                LoadSettings.builder().setLabel(file).setCodePointLimit(Integer.MAX_VALUE).build();
        try {
            var parser = new ParserImpl(settings, new StreamReader(settings, text));
            return new YamlReader(file, parser).document();
        } catch (MarkedYamlEngineException e) {
            SourcePosition position = position(file, e.getProblemMark());
            throw new SyntaxException(position, "yaml error: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new SyntaxException(
                    new SourcePosition(file, 1, 1), "yaml error: " + e.getMessage());
        }
    }

    private ConfigNode document() throws SyntaxException {
        parser.next(); // the stream begins
        if (parser.checkEvent(Event.ID.StreamEnd)) {
            return new ConfigNode.Null(1, 1);
        }
        parser.next(); // the document begins
        ConfigNode root = node(parser.next(), 0);
        parser.next(); // and ends
        return root;
    }

    private ConfigNode node(Event event, int depth) throws SyntaxException {
        if (event instanceof AliasEvent alias) {
            return aliased(alias, depth).node();
        }
        Anchor anchor = event instanceof NodeEvent named ? named.getAnchor().orElse(null) : null;
        if (anchor == null) {
            return value(event, depth);
        }
        anchors.put(anchor, null);
        int before = nodes;
        int deepestBefore = deepest;
        deepest = depth;
        ConfigNode node = value(event, depth);
        String text = event instanceof ScalarEvent scalar ? scalar.getValue() : null;
        anchors.put(anchor, new Anchored(node, text, nodes - before, deepest - depth));
        deepest = Math.max(deepest, deepestBefore);
        return node;
    }

    private Anchored aliased(AliasEvent alias, int depth) throws SyntaxException {
        if (!anchors.containsKey(alias.getAlias())) {
            throw error(alias, "found undefined alias " + alias.getAlias());
        }
        Anchored named = anchors.get(alias.getAlias());
        if (named == null) {
            throw error(alias, "stands within what it names: " + alias.getAlias());
        }
        if (named.text() == null && ++aliases > MAX_ALIASES) {
            throw error(alias, "more than " + MAX_ALIASES + " aliases");
        }
        count(alias, named.size(), depth + named.height());
        return named;
    }

    private ConfigNode value(Event event, int depth) throws SyntaxException {
        count(event, 1, event instanceof ScalarEvent ? depth : depth + 1);
        return switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case SequenceStart -> sequence(event, depth);
            case MappingStart -> mapping(event, depth);
            default -> throw error(event, "unexpected " + event.getEventId());
        };
    }

    private void count(Event event, int more, int depth) throws SyntaxException {
        deepest = Math.max(deepest, depth);
        if (depth > ConfigNode.MAX_DEPTH) {
            throw new SyntaxException(
                    position(file, event.getStartMark()),
                    "Unable to parse JSON as proto (INVALID_ARGUMENT: JSON content was too deeply"
                            + " nested)");
        }
        if (more > MAX_NODES - nodes) {
            throw error(event, "too large");
        }
        nodes += more;
    }

    private ConfigNode sequence(Event start, int depth) throws SyntaxException {
        List<ConfigNode> items = new ArrayList<>();
        for (Event event = parser.next();
                event.getEventId() != Event.ID.SequenceEnd;
                event = parser.next()) {
            items.add(node(event, depth + 1));
        }
        Mark mark = mark(start);
        return new ConfigNode.Sequence(items, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private ConfigNode mapping(Event start, int depth) throws SyntaxException {
        List<ConfigNode.Entry> entries = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>(0);
        for (Event key = parser.next();
                key.getEventId() != Event.ID.MappingEnd;
                key = parser.next()) {
            ConfigNode.Entry entry = entry(key, depth + 1);
            if (entry != null) {
                put(entry, entries, places);
            }
        }
        Mark mark = mark(start);
        return new ConfigNode.Mapping(entries, mark.getLine() + 1, mark.getColumn() + 1);
    }

    /** Key and value; null where they are to be ignored. */
    private ConfigNode.@Nullable Entry entry(Event event, int depth) throws SyntaxException {
        if (IGNORE.equals(tag(event))) {
            node(event, depth);
            node(parser.next(), depth);
            return null;
        }
        Mark mark = mark(event);
        String key = key(event, depth);
        ConfigNode value = node(parser.next(), depth);
        return new ConfigNode.Entry(key, mark.getLine() + 1, mark.getColumn() + 1, value);
    }

    private String key(Event event, int depth) throws SyntaxException {
        if (event instanceof ScalarEvent scalar) {
            if (scalar.getAnchor().isPresent()) {
                node(event, depth);
            }
            return text(scalar);
        }
        String text = event instanceof AliasEvent alias ? aliased(alias, depth).text() : null;
        if (text != null) {
            return text;
        }
        throw error(event, "a map key must be a scalar");
    }

    /** Of a key that is there twice the last value counts, at the first one's place. */
    private static void put(
            ConfigNode.Entry entry, List<ConfigNode.Entry> entries, Map<String, Integer> places) {
        int size = entries.size();
        if (size < FEW) {
            for (int i = 0; i < size; i++) {
                if (entries.get(i).key().equals(entry.key())) {
                    entries.set(i, entry);
                    return;
                }
            }
            entries.add(entry);
            return;
        }
        if (places.isEmpty()) {
            for (int i = 0; i < size; i++) {
                places.put(entries.get(i).key(), i);
            }
        }
        Integer place = places.putIfAbsent(entry.key(), size);
        if (place == null) {
            entries.add(entry);
        } else {
            entries.set(place, entry);
        }
    }

    private ConfigNode scalar(ScalarEvent event) throws SyntaxException {
        String text = text(event);
        Mark mark = mark(event);
        int line = mark.getLine() + 1;
        int column = mark.getColumn() + 1;
        String tag = tag(event);
        if (tag == null) {
            return event.getScalarStyle() == ScalarStyle.PLAIN
                    ? YamlScalars.plain(text, line, column)
                    : new ConfigNode.Text(text, line, column);
        }
        return tag.equals(NOT_SPECIFIC)
                ? new ConfigNode.Text(text, line, column)
                : YamlScalars.tagged(text, line, column);
    }

    private String text(ScalarEvent event) throws SyntaxException {
        int half = YamlScalars.halfCharacter(event.getValue());
        if (half >= 0) {
            throw error(event, "invalid unicode: " + half);
        }
        return event.getValue();
    }

    private static @Nullable String tag(Event event) {
        if (event instanceof ScalarEvent scalar) {
            return scalar.getTag().orElse(null);
        }
        return event instanceof CollectionStartEvent collection
                ? collection.getTag().orElse(null)
                : null;
    }

    private SyntaxException error(Event event, String problem) {
        return new SyntaxException(position(file, event.getStartMark()), "yaml error: " + problem);
    }

    /** Events of a text have marks. */
    private static Mark mark(Event event) {
        return event.getStartMark().orElseThrow();
    }

    private static SourcePosition position(String file, Optional<Mark> mark) {
        return mark.map(m -> new SourcePosition(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(new SourcePosition(file, 1, 1));
    }
}
