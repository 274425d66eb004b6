package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.lua.LuaState;
import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.Stat;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code stats()} and what it leads to are asked. The store finds a name that it has; scripts
 * that ask for one often keep to few names, as each lives as long as the process.
 */
final class StatAnswers {

    private final ScriptRun run;
    private final List<Stat> known = new ArrayList<>();

    StatAnswers(ScriptRun run) {
        this.run = run;
    }

    int answer(Question question, int number, String text, String more) {
        Scope scope = run.filter().stats().scope;
        return switch (question) {
            case STAT_COUNTER -> keep(scope.counter(text));
            case STAT_GAUGE -> keep(scope.gauge(text));
            case STAT_HISTOGRAM -> histogram(scope, text, more);
            default -> use(question, known.get(number), text);
        };
    }

    private int keep(Stat stat) {
        known.add(stat);
        return run.lua().number(known.size() - 1);
    }

    private int histogram(Scope scope, String name, String unit) {
        return switch (unit) {
            case "", "unspecified" -> keep(scope.histogram(name, Histogram.Unit.UNSPECIFIED));
            case "ms", "milliseconds" -> keep(scope.histogram(name, Histogram.Unit.MILLISECONDS));
            case "microseconds" -> keep(scope.histogram(name, Histogram.Unit.MICROSECONDS));
            case "nanoseconds" -> keep(scope.histogram(name, Histogram.Unit.UNSPECIFIED));
            case "bytes" -> keep(scope.histogram(name, Histogram.Unit.BYTES));
            default ->
                    run.lua()
                            .error(
                                    "invalid histogram unit '"
                                            + unit
                                            + "', expected 'ms', 'milliseconds', 'microseconds',"
                                            + " 'nanoseconds', 'bytes', or 'unspecified'");
        };
    }

    private int use(Question question, Stat stat, String amount) {
        if (question == Question.STAT_VALUE) {
            return run.lua()
                    .number(
                            stat instanceof Counter counter
                                    ? counter.value()
                                    : ((Gauge) stat).value());
        }
        long value = Long.parseLong(amount);
        if (value < 0) {
            return run.lua().error(meaning(question, stat) + " must be non-negative");
        }
        switch (stat) {
            case Counter counter -> counter.add(value);
            case Gauge gauge when question == Question.STAT_SET -> gauge.set(value);
            case Gauge gauge -> gauge.add(question == Question.STAT_SUB ? -value : value);
            case Histogram histogram -> histogram.record(value);
            default -> throw new IllegalStateException("no statistic of a script: " + stat.name());
        }
        return LuaState.NOTHING;
    }

    private static String meaning(Question question, Stat stat) {
        return switch (question) {
            case STAT_RECORD -> "histogram value";
            case STAT_SET -> "gauge set value";
            case STAT_SUB -> "gauge sub amount";
            default -> stat instanceof Counter ? "counter add amount" : "gauge add amount";
        };
    }
}
