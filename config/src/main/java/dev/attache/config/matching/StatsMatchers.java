package dev.attache.config.matching;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.matching.StringMatcher;
import io.envoyproxy.envoy.config.metrics.v3.StatsMatcher;
import java.util.List;
import java.util.function.Predicate;

/** {@code StatsMatcher}: which statistics are wanted, by their whole names. */
public final class StatsMatchers {
    private StatsMatchers() {}

    public static Predicate<String> compile(StatsMatcher matcher, CompileContext context) {
        return switch (matcher.getStatsMatcherCase()) {
            case REJECT_ALL -> name -> !matcher.getRejectAll();
            case INCLUSION_LIST -> {
                List<StringMatcher> list =
                        StringMatchers.compile(
                                matcher.getInclusionList().getPatternsList(),
                                "patterns",
                                context.at("inclusion_list"));
                yield name -> list.stream().anyMatch(pattern -> pattern.matchesText(name));
            }
            case EXCLUSION_LIST -> {
                List<StringMatcher> list =
                        StringMatchers.compile(
                                matcher.getExclusionList().getPatternsList(),
                                "patterns",
                                context.at("exclusion_list"));
                yield name -> list.stream().noneMatch(pattern -> pattern.matchesText(name));
            }
            case STATSMATCHER_NOT_SET -> name -> true;
        };
    }
}
