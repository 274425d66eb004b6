package dev.attache.config.validate;

import dev.attache.api.FieldType;
import dev.attache.api.Guard;
import dev.attache.api.MessageType;
import dev.attache.config.Diagnostics;
import dev.attache.config.FieldPlace;
import dev.attache.config.load.UnknownFieldPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** What a walk found in a message. Used by one thread. */
public final class Findings {
    private static final String REMEDY =
            "remove the field, or see docs/extensions.md for what is supported";

    /** A message that cannot be read as what it should be. */
    private record Unreadable(FieldPlace place, MessageType type) {}

    /** A message with fields that nobody knows. */
    private record Unknown(
            FieldPlace place, MessageType type, SortedSet<Integer> numbers, Guard guard) {}

    /** A field that is not supported, or that has no effect. */
    private record Refused(FieldPlace place, MessageType owner, String reason) {}

    private final List<Unreadable> unreadable = new ArrayList<>(0);
    private final List<Unknown> unknown = new ArrayList<>(0);
    private final List<Violation> violations = new ArrayList<>(0);
    private final List<Deprecation> deprecated = new ArrayList<>(0);
    private final List<Refused> refused = new ArrayList<>(0);
    private final List<Refused> idle = new ArrayList<>(0);

    Findings() {}

    void unreadable(FieldPlace place, MessageType type) {
        unreadable.add(new Unreadable(place, type));
    }

    void unknown(FieldPlace place, MessageType type, SortedSet<Integer> numbers, Guard guard) {
        unknown.add(new Unknown(place, type, numbers, guard));
    }

    void violation(FieldPlace place, MessageType type, Violation.Spot spot, String reason) {
        violations.add(new Violation(place, type, spot, reason));
    }

    void deprecated(Deprecation use) {
        deprecated.add(use);
    }

    void refused(FieldPlace field, MessageType owner, String reason) {
        refused.add(new Refused(field, owner, reason));
    }

    /** A field that has no effect. */
    void idle(FieldPlace field, MessageType owner, String reason) {
        idle.add(new Refused(field, owner, reason));
    }

    /** Whether all of the message was what it should be. */
    boolean isReadable() {
        return unreadable.isEmpty();
    }

    /** Puts the violations in Envoy's order. */
    Findings complete() {
        violations.sort(null);
        return this;
    }

    /** The field paths at which constraints do not hold. */
    public List<String> violations() {
        if (violations.isEmpty() && unreadable.isEmpty()) {
            return List.of();
        }
        List<String> paths = new ArrayList<>();
        unreadable.forEach(found -> paths.add(found.place().path()));
        violations.forEach(found -> paths.add(found.path()));
        return paths;
    }

    /**
     * The first constraint that does not hold, as a text; null where all do.
     *
     * @param resource of which the message is all
     */
    public @Nullable String violation(String resource) {
        if (violations.isEmpty()) {
            return null;
        }
        Diagnostics diagnostics = new Diagnostics(resource);
        diagnostics.error(violations.getFirst().path(), violations.getFirst().text());
        return diagnostics.errors().getFirst().render();
    }

    /**
     * Reports what was found: fields that nobody knows, constraints, deprecated features, what has
     * no effect, and what is not supported, in this order.
     *
     * @param fields what is done about fields that nobody knows, or that have no effect
     */
    public void report(
            UnheededFields fields, DeprecatedFeatures features, Diagnostics diagnostics) {
        unreadable.forEach(found ->
                diagnostics.error(
                        found.place().path(), "Unable to unpack as " + found.type().fullName()));
        unknown.forEach(found -> report(found, fields, diagnostics));
        violations.forEach(found -> diagnostics.error(found.path(), found.text()));
        deprecated.forEach(found -> found.report(features, diagnostics));
        idle.forEach(found -> mention(found, fields, diagnostics));
        refused.forEach(found -> report(found, diagnostics));
    }

    private static void report(Unknown found, UnheededFields fields, Diagnostics diagnostics) {
        StringBuilder numbers = new StringBuilder();
        for (int number : found.numbers()) {
            numbers.append(numbers.isEmpty() ? "" : ", ").append(number);
        }
        String text =
                "Protobuf message (type "
                        + found.type().fullName()
                        + " with unknown field set {"
                        + numbers
                        + "}) has unknown fields";
        String path = found.place().path();
        switch (found.guard()) {
            case MATCHER ->
                    diagnostics.error(
                            path,
                            text,
                            "in a matcher a field is not passed over: it would take more than was"
                                    + " meant");
            case SECURITY ->
                    diagnostics.error(
                            path,
                            text,
                            "in a security setting a field is not passed over: it would let more in"
                                    + " than was meant");
            case NONE -> {
                if (fields.policy() == UnknownFieldPolicy.REJECT) {
                    diagnostics.error(path, text);
                } else {
                    diagnostics.warning(path, text);
                    if (fields.policy() == UnknownFieldPolicy.WARN) {
                        fields.noted().run();
                    }
                }
            }
        }
    }

    private static void mention(Refused found, UnheededFields fields, Diagnostics diagnostics) {
        FieldType field = Objects.requireNonNull(found.place().field());
        if (fields.mentioned().test(field.fullName())) {
            diagnostics.warning(
                    found.place().path(),
                    "field '"
                            + field.name()
                            + "' of "
                            + found.owner().fullName()
                            + " has no effect: "
                            + found.reason());
        }
    }

    private static void report(Refused found, Diagnostics diagnostics) {
        String name = Objects.requireNonNull(found.place().field()).name();
        diagnostics.refuse(
                found.place().path(),
                "field '"
                        + name
                        + "' of "
                        + found.owner().fullName()
                        + " cannot be honoured: "
                        + found.reason(),
                REMEDY);
    }
}
