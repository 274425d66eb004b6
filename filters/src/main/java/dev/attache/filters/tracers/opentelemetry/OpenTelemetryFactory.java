package dev.attache.filters.tracers.opentelemetry;

import com.google.protobuf.Any;
import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.call.HttpServices;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.runtime.Fraction;
import dev.attache.filters.cel.CelException;
import dev.attache.filters.cel.CelExpressionFactory;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.filters.opentelemetry.ResourceFactory;
import dev.attache.filters.tracing.SharedTracers;
import dev.attache.filters.tracing.TracerSettings;
import dev.attache.filters.tracing.WorkerTracers;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.tracing.Sampling.Share;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.samplers.v3.CELSamplerConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.samplers.v3.ParentBasedSamplerConfig;
import io.envoyproxy.envoy.extensions.tracers.opentelemetry.samplers.v3.TraceIdRatioBasedSamplerConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code envoy.tracers.opentelemetry}. */
public final class OpenTelemetryFactory
        implements ExtensionCompiler<OpenTelemetryConfig, SharedTracers> {

    private static final String SAMPLERS = "envoy.extensions.tracers.opentelemetry.samplers.v3.";
    private static final int DEFAULT_CACHE = 1024;

    @Override
    public OpenTelemetryConfig prototype() {
        return OpenTelemetryConfig.getDefaultInstance();
    }

    @Override
    public Compiled<SharedTracers> compile(OpenTelemetryConfig proto, CompileContext context) {
        if (proto.hasGrpcService() && proto.hasHttpService()) {
            context.error(
                    "OpenTelemetry Tracer cannot have both gRPC and HTTP exporters configured."
                            + " OpenTelemetry tracer will be disabled.");
        }
        GrpcService grpc =
                proto.hasGrpcService()
                        ? GrpcServices.compile(
                                proto.getGrpcService(), 0, context.at("grpc_service"))
                        : null;
        HttpService http =
                proto.hasHttpService()
                        ? HttpServices.compile(proto.getHttpService(), context.at("http_service"))
                        : null;
        Overlay newer = Overlay.of(proto);
        TracerSettings settings = TracerSettings.of("opentelemetry", context);
        OpenTelemetrySpec spec =
                new OpenTelemetrySpec(
                        grpc,
                        http,
                        resource(proto, newer, context),
                        wanted(newer, "set_instrumentation_scope"),
                        proto.hasSampler()
                                ? sampler(proto.getSampler(), context.at("sampler"))
                                : null,
                        settings.flushSpans(),
                        proto.hasMaxCacheSize()
                                ? TracerSettings.count(proto.getMaxCacheSize().getValue())
                                : DEFAULT_CACHE,
                        settings.flushMillis());
        return context.result(
                new SharedTracers(
                        context.settings()
                                .shared()
                                .slot(WorkerTracers.class, spec, () -> tracers(spec))));
    }

    private static WorkerTracers tracers(OpenTelemetrySpec spec) {
        return new WorkerTracers(context -> new OpenTelemetryTracer(spec, context));
    }

    /** What is done unless the configuration does not want it. */
    private static boolean wanted(Overlay from, String field) {
        return !from.has(field) || from.flag(field);
    }

    private static Map<String, String> resource(
            OpenTelemetryConfig proto, Overlay newer, CompileContext context) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (wanted(newer, "set_service_name_resource_attribute")) {
            attributes.put(
                    "service.name",
                    proto.getServiceName().isEmpty()
                            ? "unknown_service:envoy"
                            : Octets.of(proto.getServiceName()));
        }
        if (wanted(newer, "set_telemetry_sdk_resource_attributes")) {
            attributes.put("telemetry.sdk.language", "cpp");
            attributes.put("telemetry.sdk.name", SpanMessages.SCOPE);
            attributes.put("telemetry.sdk.version", SpanMessages.VERSION);
        }
        ResourceFactory.detect(proto.getResourceDetectorsList(), attributes, context);
        return attributes;
    }

    private static @Nullable Sampler sampler(TypedExtensionConfig sampler, CompileContext context) {
        Any typed = sampler.getTypedConfig();
        String type = TypeRegistry.nameOf(typed.getTypeUrl());
        CompileContext at = context.at("typed_config");
        return switch (type) {
            case SAMPLERS + "AlwaysOnSamplerConfig" -> new Sampler.AlwaysOn();
            case SAMPLERS + "ParentBasedSamplerConfig" -> {
                var config = at.unpack(typed, ParentBasedSamplerConfig.getDefaultInstance());
                Sampler root =
                        config == null
                                ? null
                                : sampler(config.getWrappedSampler(), at.at("wrapped_sampler"));
                yield root == null ? null : new Sampler.ParentBased(root);
            }
            case SAMPLERS + "TraceIdRatioBasedSamplerConfig" -> {
                var config = at.unpack(typed, TraceIdRatioBasedSamplerConfig.getDefaultInstance());
                yield config == null
                        ? null
                        : new Sampler.TraceIdRatio(
                                share(
                                        Fractions.compile(
                                                config.getSamplingPercentage(),
                                                at.at("sampling_percentage"))));
            }
            case SAMPLERS + "CELSamplerConfig" -> {
                var config = at.unpack(typed, CELSamplerConfig.getDefaultInstance());
                yield config == null ? null : expression(config, at.at("expression"));
            }
            default -> {
                at.missing(sampler.getName(), type);
                yield null;
            }
        };
    }

    private static @Nullable Sampler expression(CELSamplerConfig config, CompileContext context) {
        try {
            return new Sampler.Expression(
                    config,
                    CelExpressionFactory.compile(
                            config.getExpression(),
                            FunctionOptions.NONE,
                            CelExpressionFactory.node(context)));
        } catch (CelException e) {
            context.error(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static Share share(Fraction fraction) {
        return new Share(fraction.numerator(), fraction.denominator());
    }
}
