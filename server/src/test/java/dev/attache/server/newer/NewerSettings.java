package dev.attache.server.newer;

import dev.attache.api.ApiTable;
import dev.attache.api.EnumValue;
import dev.attache.api.FieldType;
import dev.attache.api.FieldType.Kind;
import dev.attache.api.MessageType;
import dev.attache.api.OneofType;
import dev.attache.api.Support;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * All newer fields and values that a configuration can set which this proxy takes otherwise: in
 * each message that stands in the resources of {@code newer/resources.yaml}, and in each that
 * honoured fields of those lead to. What a field is set to is the least that it allows, or what
 * {@code newer/values.yaml} has for it.
 */
public final class NewerSettings {
    private static final Map<String, String> ROOTS =
            Map.of(
                    "bootstrap", "envoy.config.bootstrap.v3.Bootstrap",
                    "clusters", "envoy.config.cluster.v3.Cluster",
                    "endpoints", "envoy.config.endpoint.v3.ClusterLoadAssignment",
                    "listeners", "envoy.config.listener.v3.Listener",
                    "routes", "envoy.config.route.v3.RouteConfiguration",
                    "secrets", "envoy.extensions.transport_sockets.tls.v3.Secret");

    private static final int NOBODYS = 4_000;

    /**
     * Where a message of a type stands.
     *
     * @param path index of the resource, then keys and indexes to a message that is there
     * @param below the fields from there on, which are to be made
     */
    private record Place(String resource, List<Object> path, List<FieldType> below) {}

    private final Map<String, Object> resources;
    private final Map<String, Object> values;
    private final Map<MessageType, Place> places = new LinkedHashMap<>();
    private final List<NewerSetting> settings = new ArrayList<>();

    private NewerSettings(String certificate, String key) {
        resources =
                parse(
                        text("resources.yaml")
                                .replace("${certificate}", escaped(certificate))
                                .replace("${key}", escaped(key)));
        values = parse(text("values.yaml"));
        resources.forEach((name, list) -> {
            List<?> all = (List<?>) list;
            for (int i = 0; i < all.size(); i++) {
                find(name, List.of(i), type(root(name)), all.get(i));
            }
        });
        reach();
        places.forEach(this::settings);
    }

    /**
     * All of them.
     *
     * @param certificate in PEM, that the resources may use, as its key
     */
    public static List<NewerSetting> all(String certificate, String key) {
        return new NewerSettings(certificate, key).settings;
    }

    /** Each enum that a configuration can set, at a number that is none of its values. */
    public static List<NewerSetting> numbersOfNoValue(String certificate, String key) {
        NewerSettings made = new NewerSettings(certificate, key);
        made.settings.clear();
        made.places.forEach((type, place) -> {
            for (FieldType field : type.fields()) {
                if (field.kind() == Kind.ENUM && isHonoured(field)) {
                    made.add(place, field, null, field.isRepeated() ? List.of(NOBODYS) : NOBODYS);
                }
            }
        });
        return made.settings;
    }

    /** The types that have a place in a configuration. */
    public static List<MessageType> types() {
        return List.copyOf(new NewerSettings("", "").places.keySet());
    }

    private static String root(String resource) {
        return Objects.requireNonNull(ROOTS.get(resource), resource);
    }

    /** Notes the messages that are there. */
    private void find(String resource, List<Object> path, MessageType type, Object content) {
        if (!(content instanceof Map<?, ?> message)) {
            return;
        }
        if (type.fullName().equals("google.protobuf.Any")) {
            String url = (String) Objects.requireNonNull(message.get("@type"));
            find(resource, path, type(url.substring(url.lastIndexOf('/') + 1)), content);
            return;
        }
        places.putIfAbsent(type, new Place(resource, path, List.of()));
        message.forEach((key, value) -> {
            FieldType field = type.field(String.valueOf(key));
            if (field == null || field.kind() != Kind.MESSAGE) {
                return;
            }
            List<Object> at = with(path, key);
            if (field.isMap() && value instanceof Map<?, ?> entries) {
                FieldType part = Objects.requireNonNull(field.message().field("value"));
                if (part.kind() == Kind.MESSAGE) {
                    entries.forEach((k, v) -> find(resource, with(at, k), part.message(), v));
                }
            } else if (value instanceof List<?> items) {
                for (int i = 0; i < items.size(); i++) {
                    find(resource, with(at, i), field.message(), items.get(i));
                }
            } else {
                find(resource, at, field.message(), value);
            }
        });
    }

    /** Goes on from there over honoured fields. */
    private void reach() {
        Deque<MessageType> left = new ArrayDeque<>(places.keySet());
        while (!left.isEmpty()) {
            MessageType type = left.removeFirst();
            Place place = Objects.requireNonNull(places.get(type));
            for (FieldType field : type.fields()) {
                if (field.kind() != Kind.MESSAGE || field.isMap() || !isHonoured(field)) {
                    continue;
                }
                MessageType next = field.message();
                if (next.fullName().startsWith("google.protobuf.") || places.containsKey(next)) {
                    continue;
                }
                List<FieldType> below = new ArrayList<>(place.below());
                below.add(field);
                places.put(next, new Place(place.resource(), place.path(), below));
                left.add(next);
            }
        }
    }

    private static boolean isHonoured(FieldType field) {
        Support support = field.support();
        return support != null
                ? support.status() == Support.Status.HONOURED
                : !field.isNewer()
                        && field.owner().fields().stream().allMatch(f -> f.support() == null);
    }

    private void settings(MessageType type, Place place) {
        for (FieldType field : type.fields()) {
            if (field.isNewer()) {
                add(
                        place,
                        field,
                        null,
                        values.getOrDefault(field.fullName(), MinimalValues.of(field)));
            } else if (field.kind() == Kind.ENUM && isHonoured(field)) {
                for (EnumValue value : field.enumeration().values()) {
                    if (value.isNewer()) {
                        Object name = field.isRepeated() ? List.of(value.name()) : value.name();
                        add(place, field, value, name);
                    }
                }
            }
        }
    }

    private void add(Place place, FieldType field, @Nullable EnumValue constant, Object value) {
        List<?> all = (List<?>) Objects.requireNonNull(resources.get(place.resource()));
        Object resource = copy(all.get((Integer) place.path().getFirst()));
        Object at = resource;
        for (Object step : place.path().subList(1, place.path().size())) {
            at = step instanceof Integer i ? ((List<?>) at).get(i) : map(at).get(step);
        }
        Map<String, Object> message = map(at);
        for (FieldType below : place.below()) {
            Map<String, Object> child = new LinkedHashMap<>(MinimalValues.of(below.message()));
            set(message, below, below.isRepeated() ? List.of(child) : child);
            message = child;
        }
        set(message, field, value);
        settings.add(new NewerSetting(place.resource(), field, constant, map(resource)));
    }

    /** Sets a field, and of its oneof no other. */
    private static void set(Map<String, Object> message, FieldType field, Object value) {
        OneofType oneof = field.oneof();
        if (oneof != null) {
            oneof.fields().forEach(other -> message.remove(other.name()));
        }
        message.put(field.name(), value);
    }

    private static Object copy(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, each) -> copy.put(String.valueOf(key), copy(each)));
                yield copy;
            }
            case List<?> list -> new ArrayList<>(list.stream().map(NewerSettings::copy).toList());
            default -> value;
        };
    }

    @SuppressWarnings("unchecked") // what copy() makes
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    private static List<Object> with(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return List.copyOf(longer);
    }

    private static MessageType type(String fullName) {
        return Objects.requireNonNull(ApiTable.message(fullName), fullName);
    }

    /** What a mapping of YAML spells. */
    @SuppressWarnings("unchecked") // what YAML reads
    public static Map<String, Object> parse(String yaml) {
        return (Map<String, Object>)
                Objects.requireNonNull(
                        new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    private static String escaped(String text) {
        return text.replace("\n", "\\n");
    }

    private static String text(String name) {
        try (InputStream in = NewerSettings.class.getResourceAsStream("/newer/" + name)) {
            return new String(
                    Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
