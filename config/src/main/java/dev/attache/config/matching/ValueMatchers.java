package dev.attache.config.matching;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.metadata.MetadataValue;
import io.envoyproxy.envoy.type.matcher.v3.DoubleMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.type.matcher.v3.ValueMatcher}, for which an absent value is null, and {@code
 * MetadataMatcher}, which says where the value is.
 */
public final class ValueMatchers {
    private ValueMatchers() {}

    /** The keys of a metadata matcher's path. */
    public static List<String> path(MetadataMatcher matcher) {
        return matcher.getPathList().stream().map(segment -> segment.getKey()).toList();
    }

    /** The matcher, or null with the error reported. */
    public static @Nullable MetadataMatch compile(MetadataMatcher matcher, CompileContext context) {
        Predicate<@Nullable MetadataValue> value = compile(matcher.getValue(), context.at("value"));
        return value == null
                ? null
                : new MetadataMatch(matcher.getFilter(), path(matcher), value, matcher.getInvert());
    }

    /** The test, or null with the error reported. */
    public static @Nullable Predicate<@Nullable MetadataValue> compile(
            ValueMatcher matcher, CompileContext context) {
        return switch (matcher.getMatchPatternCase()) {
            case NULL_MATCH -> value -> value == MetadataValue.Null.INSTANCE;
            case DOUBLE_MATCH -> number(matcher.getDoubleMatch());
            case STRING_MATCH -> {
                StringMatcher string =
                        StringMatchers.compile(
                                matcher.getStringMatch(), context.at("string_match"));
                yield string == null
                        ? null
                        : value ->
                                value instanceof MetadataValue.Text text
                                        && string.matchesText(text.value());
            }
            case BOOL_MATCH ->
                    value ->
                            value instanceof MetadataValue.Bool bool
                                    && bool.value() == matcher.getBoolMatch();
            case PRESENT_MATCH -> value -> (value != null) == matcher.getPresentMatch();
            case LIST_MATCH -> {
                var item =
                        compile(
                                matcher.getListMatch().getOneOf(),
                                context.at("list_match").at("one_of"));
                yield item == null
                        ? null
                        : value ->
                                value instanceof MetadataValue.Sequence sequence
                                        && sequence.values().stream().anyMatch(item);
            }
            case OR_MATCH -> or(matcher, context.at("or_match"));
            case MATCHPATTERN_NOT_SET -> {
                context.error("no match pattern is set");
                yield null;
            }
        };
    }

    private static @Nullable Predicate<@Nullable MetadataValue> or(
            ValueMatcher matcher, CompileContext context) {
        List<Predicate<@Nullable MetadataValue>> any = new ArrayList<>();
        for (int i = 0; i < matcher.getOrMatch().getValueMatchersCount(); i++) {
            var one =
                    compile(
                            matcher.getOrMatch().getValueMatchers(i),
                            context.at("value_matchers", i));
            if (one == null) {
                return null;
            }
            any.add(one);
        }
        return value -> any.stream().anyMatch(test -> test.test(value));
    }

    private static Predicate<@Nullable MetadataValue> number(DoubleMatcher matcher) {
        if (matcher.hasRange()) {
            double start = matcher.getRange().getStart();
            double end = matcher.getRange().getEnd();
            return value ->
                    value instanceof MetadataValue.Number number
                            && number.value() >= start
                            && number.value() < end;
        }
        double exact = matcher.getExact();
        return value -> value instanceof MetadataValue.Number number && number.value() == exact;
    }
}
