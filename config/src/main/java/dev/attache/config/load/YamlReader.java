package dev.attache.config.load;

import dev.attache.config.SourcePosition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * YAML to {@link ConfigNode}s, with the meaning Envoy gives to scalars (yaml-cpp, then Struct):
 * quoted and block scalars are text; {@code yes/no/on/off/y/n} are booleans; hexadecimal and octal
 * integers are converted; integers beyond 32 bits and all fractions stay text, to be converted when
 * the field's type is known; a map key tagged {@code !ignore} is dropped with its value; {@code <<}
 * is an ordinary key; of a repeated key the last value wins; only the first document counts.
 */
final class YamlReader {
    private static final Tag IGNORE = new Tag("!ignore");
    private static final int MAX_ALIASES = 10_000;
    private static final int MAX_DEPTH = 200;

    private final String file;
    private int nodes;

    private YamlReader(String file) {
        this.file = file;
    }

    static ConfigNode read(String file, String text) throws SyntaxException {
        LoadSettings settings =
                LoadSettings.builder()
                        .setLabel(file)
                        .setAllowDuplicateKeys(true)
                        .setAllowRecursiveKeys(false)
                        .setMaxAliasesForCollections(MAX_ALIASES)
                        .setCodePointLimit(Integer.MAX_VALUE)
                        .build();
        try {
            var parser = new ParserImpl(settings, new StreamReader(settings, text));
            var documents = new Composer(settings, new BoundedParser(parser, MAX_DEPTH));
            if (!documents.hasNext()) {
                return new ConfigNode.Null(new SourcePosition(file, 1, 1));
            }
            return new YamlReader(file).convert(documents.next(), 0);
        } catch (MarkedYamlEngineException e) {
            SourcePosition position = position(file, e.getProblemMark());
            throw new SyntaxException(position, "yaml error: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new SyntaxException(
                    new SourcePosition(file, 1, 1), "yaml error: " + e.getMessage());
        }
    }

    private ConfigNode convert(Node node, int depth) throws SyntaxException {
        SourcePosition position = position(file, node.getStartMark());
        if (depth > MAX_DEPTH || ++nodes > 5_000_000) {
            throw new SyntaxException(position, "yaml error: nested too deeply or too large");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar, position);
            case SequenceNode sequence -> {
                List<ConfigNode> items = new ArrayList<>(sequence.getValue().size());
                for (Node item : sequence.getValue()) {
                    items.add(convert(item, depth + 1));
                }
                yield new ConfigNode.Sequence(items, position);
            }
            case MappingNode mapping -> mapping(mapping, position, depth);
            default -> throw new SyntaxException(position, "yaml error: unexpected node");
        };
    }

    private ConfigNode mapping(MappingNode mapping, SourcePosition position, int depth)
            throws SyntaxException {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            if (key.getTag().equals(IGNORE)) {
                continue;
            }
            SourcePosition keyPosition = position(file, key.getStartMark());
            if (!(key instanceof ScalarNode scalar)) {
                throw new SyntaxException(keyPosition, "yaml error: a map key must be a scalar");
            }
            String name = text(scalar, keyPosition);
            ConfigNode value = convert(tuple.getValueNode(), depth + 1);
            entries.put(name, new ConfigNode.Entry(name, keyPosition, value));
        }
        return new ConfigNode.Mapping(List.copyOf(entries.values()), position);
    }

    private static ConfigNode scalar(ScalarNode node, SourcePosition position)
            throws SyntaxException {
        String text = text(node, position);
        if (node.getScalarStyle() != ScalarStyle.PLAIN || node.getTag().getValue().equals("!")) {
            return new ConfigNode.Text(text, position);
        }
        if (isNull(text)) {
            return new ConfigNode.Null(position);
        }
        Optional<Boolean> bool = bool(text);
        if (bool.isPresent()) {
            return new ConfigNode.Bool(bool.get(), position);
        }
        Optional<Long> integer = integer(text);
        if (integer.isEmpty()) {
            return new ConfigNode.Text(text, position);
        }
        long value = integer.get();
        return value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE
                ? new ConfigNode.Number(Long.toString(value), position)
                : new ConfigNode.Text(Long.toString(value), position);
    }

    /** An escape may name half a character ({@code \\ud800}), which is no text. */
    private static String text(ScalarNode node, SourcePosition position) throws SyntaxException {
        String text = node.getValue();
        for (int i = 0; i < text.length(); i++) {
            int point = text.codePointAt(i);
            if (point > Character.MAX_VALUE) {
                i++;
            } else if (Character.isSurrogate((char) point)) {
                throw new SyntaxException(position, "yaml error: invalid unicode: " + point);
            }
        }
        return text;
    }

    private static boolean isNull(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
        };
    }

    /**
     * yaml-cpp takes these words in lower case, upper case or capitalised, and no other mixture.
     */
    private static Optional<Boolean> bool(String text) {
        return switch (text) {
            case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" ->
                    Optional.of(true);
            case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" ->
                    Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** C++ stream rules: {@code 0x} is hexadecimal, a leading zero octal, a sign is allowed. */
    private static Optional<Long> integer(String text) {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        if (start == text.length()) {
            return Optional.empty();
        }
        String digits = text.substring(start);
        int radix = 10;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            radix = 16;
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix = 8;
        }
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            if (digit > 'f' || Character.digit(digit, radix) < 0) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(Long.parseLong((text.charAt(0) == '-' ? "-" : "") + digits, radix));
        } catch (NumberFormatException e) {
            return Optional.empty(); // beyond 64 bits: stays text, as any other word
        }
    }

    private static SourcePosition position(String file, Optional<Mark> mark) {
        return mark.map(m -> new SourcePosition(file, m.getLine() + 1, m.getColumn() + 1))
                .orElse(new SourcePosition(file, 1, 1));
    }
}
