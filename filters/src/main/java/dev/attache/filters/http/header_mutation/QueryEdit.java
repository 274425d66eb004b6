package dev.attache.filters.http.header_mutation;

import dev.attache.filters.wire.QueryParameters;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;

/** One entry of {@code query_parameter_mutations}. Immutable. */
sealed interface QueryEdit {

    /** {@code KeyValueAppend.action} */
    enum Action {
        APPEND_IF_EXISTS_OR_ADD,
        ADD_IF_ABSENT,
        OVERWRITE_IF_EXISTS,
        OVERWRITE_IF_EXISTS_OR_ADD
    }

    void apply(QueryParameters parameters, FormatContext context);

    /** The value is encoded, the key stands as configured: as in Envoy. */
    record Append(String key, Formatter value, Action action) implements QueryEdit {

        @Override
        public void apply(QueryParameters parameters, FormatContext context) {
            boolean exists = parameters.contains(key);
            if (exists ? action == Action.ADD_IF_ABSENT : action == Action.OVERWRITE_IF_EXISTS) {
                return;
            }
            String encoded = QueryParameters.encode(value.formatOmittingEmpty(context));
            if (action == Action.OVERWRITE_IF_EXISTS
                    || action == Action.OVERWRITE_IF_EXISTS_OR_ADD) {
                parameters.remove(key);
            }
            parameters.add(key, encoded);
        }
    }

    /** Every value of that key. */
    record Remove(String key) implements QueryEdit {

        @Override
        public void apply(QueryParameters parameters, FormatContext context) {
            parameters.remove(key);
        }
    }
}
