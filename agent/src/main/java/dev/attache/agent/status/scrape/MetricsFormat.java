package dev.attache.agent.status.scrape;

/** The format of a page of metrics, by the type that the application's answer had. */
enum MetricsFormat {
    TEXT("text/plain; version=0.0.4; charset=utf-8"),
    OPEN_METRICS_0_0_1("application/openmetrics-text; version=0.0.1; charset=utf-8"),
    OPEN_METRICS_1_0_0("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String type;

    MetricsFormat(String type) {
        this.type = type;
    }

    String type() {
        return type;
    }

    static MetricsFormat of(String contentType) {
        AcceptedTypes.Type type = AcceptedTypes.parse(contentType);
        if (type == null || !type.name().equals("application/openmetrics-text")) {
            return TEXT;
        }
        return switch (type.parameters().getOrDefault("version", "")) {
            case "1.0.0" -> OPEN_METRICS_1_0_0;
            case "", "0.0.1" -> OPEN_METRICS_0_0_1;
            default -> TEXT;
        };
    }
}
