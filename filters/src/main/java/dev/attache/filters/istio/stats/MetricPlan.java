package dev.attache.filters.istio.stats;

import dev.attache.filters.cel.CelExpression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is reported, and with which labels. Immutable.
 *
 * @param rows of the standard metrics, by their number; null: the metric is dropped
 * @param expressions whose values stand behind those of the standard labels
 */
record MetricPlan(@Nullable LabelRow[] rows, List<CelExpression> expressions, List<Custom> custom) {

    /** {@code stats.MetricType}, in its order. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /**
     * A metric that the configuration defines.
     *
     * @param statName as it is exposed
     * @param value what is counted; what is no number is 0
     */
    record Custom(String statName, Type type, CelExpression value, LabelRow row) {}

    MetricPlan {
        rows = rows.clone();
        expressions = List.copyOf(expressions);
        custom = List.copyOf(custom);
    }

    @Nullable LabelRow row(StandardMetric metric) {
        return rows[metric.ordinal()];
    }

    /** How many values a stream has. */
    int width() {
        return StandardLabel.ALL.size() + expressions.size();
    }
}
