package dev.attache.filters.istio.stats;

import dev.attache.filters.cel.CelExpression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Works definitions and overrides in, in the order in which Istio's filter does. */
final class MetricPlanBuilder {
    private static final Logger LOG = LoggerFactory.getLogger("filter");

    /** In place of an index: the label is removed. */
    private static final int REMOVED = -1;

    /**
     * One override.
     *
     * @param name of the metric that it is about; empty = all
     * @param dimensions expressions by label
     */
    record Change(
            String name, Map<String, String> dimensions, List<String> removed, boolean drop) {}

    /** Labels of one metric, in order, with the index of each. */
    private static final class Labels {
        private final Map<String, Integer> byName = new LinkedHashMap<>();
        private boolean dropped;

        LabelRow row() {
            List<LabelRow.Place> places = new ArrayList<>();
            byName.forEach((label, index) -> {
                if (index != REMOVED) {
                    places.add(new LabelRow.Place(label, index));
                }
            });
            return new LabelRow(places);
        }
    }

    private record Definition(MetricPlan.Type type, CelExpression value, Labels labels) {}

    private final Function<String, @Nullable CelExpression> compiler;
    private final Map<StandardMetric, Labels> standard = new LinkedHashMap<>();
    private final Map<String, Definition> custom = new LinkedHashMap<>();
    private final Map<String, Integer> indexes = new LinkedHashMap<>();
    private final List<CelExpression> expressions = new ArrayList<>();

    /**
     * @param compiler of expressions; null for one that does not parse
     */
    MetricPlanBuilder(Function<String, @Nullable CelExpression> compiler) {
        this.compiler = compiler;
        for (StandardMetric metric : StandardMetric.values()) {
            Labels labels = new Labels();
            for (StandardLabel label : StandardLabel.ALL) {
                labels.byName.put(label.text(), label.ordinal());
            }
            standard.put(metric, labels);
        }
    }

    /** A metric of the configuration's own; the first of a name counts. */
    void define(String name, MetricPlan.Type type, String value) {
        if (StandardMetric.of(name) != null) {
            LOG.info("Re-defining standard metric not allowed:: {}", name);
            return;
        }
        CelExpression compiled = compiler.apply(value);
        if (compiled == null) {
            LOG.info("Failed to parse metric value expression: {}", value);
            return;
        }
        custom.putIfAbsent(name, new Definition(type, compiled, new Labels()));
    }

    void change(Change change) {
        if (change.drop()) {
            StandardMetric metric = StandardMetric.of(change.name());
            if (metric != null) {
                labels(metric).dropped = true;
            }
            return;
        }
        for (String label : change.removed()) {
            if (StandardLabel.of(label) == null) {
                LOG.info("Tag is not standard: {}", label);
            } else {
                eachStandard(change.name(), labels -> labels.byName.put(label, REMOVED));
            }
        }
        new TreeMap<>(change.dimensions())
                .forEach((label, text) -> dimension(change.name(), label, text));
    }

    private void dimension(String metric, String label, String text) {
        Integer known = index(text);
        if (known == null) {
            LOG.info("Failed to parse expression: {}", text);
            if (StandardLabel.of(label) != null) {
                eachStandard(metric, labels -> labels.byName.put(label, REMOVED));
            }
            return;
        }
        eachStandard(metric, labels -> labels.byName.put(label, known));
        custom.forEach((name, definition) -> {
            if (metric.isEmpty() || metric.equals(name)) {
                definition.labels.byName.put(label, known);
            }
        });
    }

    private void eachStandard(String name, Consumer<Labels> action) {
        if (name.isEmpty()) {
            standard.values().forEach(action);
            return;
        }
        StandardMetric metric = StandardMetric.of(name);
        if (metric != null) {
            action.accept(labels(metric));
        }
    }

    private Labels labels(StandardMetric metric) {
        return standard.computeIfAbsent(metric, m -> new Labels());
    }

    /** Equal expressions are evaluated once. Null where it does not parse. */
    private @Nullable Integer index(String text) {
        Integer known = indexes.get(text);
        if (known != null) {
            return known;
        }
        CelExpression compiled = compiler.apply(text);
        if (compiled == null) {
            return null;
        }
        int index = StandardLabel.ALL.size() + expressions.size();
        expressions.add(compiled);
        indexes.put(text, index);
        return index;
    }

    MetricPlan build() {
        @Nullable LabelRow[] rows = new @Nullable LabelRow[StandardMetric.COUNT];
        standard.forEach(
                (metric, labels) -> rows[metric.ordinal()] = labels.dropped ? null : labels.row());
        List<MetricPlan.Custom> own = new ArrayList<>();
        custom.forEach((name, definition) ->
                own.add(
                        new MetricPlan.Custom(
                                "istio_" + name,
                                definition.type,
                                definition.value,
                                definition.labels.row())));
        return new MetricPlan(rows, expressions, own);
    }
}
