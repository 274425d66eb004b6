package dev.attache.filters.http.jwt_authn;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.jwt.Audiences;
import dev.attache.proxy.http.HeaderName;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementOrList;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.ProviderWithAudiences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code JwtRequirement} to {@link Requirement}, by the providers of one filter. */
final class RequirementFactory {

    private static final String EXTRACT_ONLY = "extract_only_without_validation";
    private static final String VERIFIED = "x-jwt-signature-verified";

    private final Map<String, Provider> providers;
    private final TokenPlaces anyPlaces;

    RequirementFactory(Map<String, Provider> providers) {
        this.providers = providers;
        this.anyPlaces = new TokenPlaces(List.copyOf(providers.values()));
    }

    /** Null with the error reported. */
    @Nullable Requirement compile(JwtRequirement proto, CompileContext context) {
        return switch (proto.getRequiresTypeCase()) {
            case PROVIDER_NAME -> provider(proto.getProviderName(), List.of(), context);
            case PROVIDER_AND_AUDIENCES -> {
                ProviderWithAudiences both = proto.getProviderAndAudiences();
                yield provider(both.getProviderName(), both.getAudiencesList(), context);
            }
            case REQUIRES_ANY -> any(proto.getRequiresAny(), context.at("requires_any"));
            case REQUIRES_ALL -> {
                List<JwtRequirement> members = proto.getRequiresAll().getRequirementsList();
                yield new Requirement.All(members(members, context.at("requires_all")));
            }
            case ALLOW_MISSING_OR_FAILED -> of(true, null);
            case ALLOW_MISSING -> of(false, null);
            case REQUIRESTYPE_NOT_SET -> newer(proto);
        };
    }

    private Requirement newer(JwtRequirement proto) {
        Overlay extractOnly = Overlay.of(proto).overlay(EXTRACT_ONLY);
        if (extractOnly == null) {
            return new Requirement.Nothing();
        }
        String header = extractOnly.text("verification_status_header");
        return of(true, HeaderName.of(header.isEmpty() ? VERIFIED : header));
    }

    private Requirement of(boolean failed, @Nullable HeaderName status) {
        return new Requirement.OfAny(new Requirement.Leniency(failed, status), anyPlaces);
    }

    private @Nullable Requirement provider(
            String name, List<String> audiences, CompileContext context) {
        Provider provider = providers.get(name);
        if (provider == null) {
            context.error("Required provider ['" + name + "'] is not configured.");
            return null;
        }
        Audiences allowed = audiences.isEmpty() ? provider.audiences() : new Audiences(audiences);
        return new Requirement.OfProvider(provider, allowed, new TokenPlaces(List.of(provider)));
    }

    /** What may be missing or wrong is no member of its own, unless there is no other. */
    private Requirement any(JwtRequirementOrList proto, CompileContext context) {
        boolean missing = false;
        boolean failed = false;
        List<JwtRequirement> others = new ArrayList<>();
        for (JwtRequirement each : proto.getRequirementsList()) {
            switch (each.getRequiresTypeCase()) {
                case ALLOW_MISSING -> missing = true;
                case ALLOW_MISSING_OR_FAILED -> failed = true;
                default -> others.add(each);
            }
        }
        List<Requirement> members =
                others.isEmpty() ? List.of(of(failed, null)) : members(others, context);
        return new Requirement.Any(members, missing, failed);
    }

    private List<Requirement> members(List<JwtRequirement> protos, CompileContext context) {
        List<Requirement> members = new ArrayList<>(protos.size());
        for (int i = 0; i < protos.size(); i++) {
            Requirement member = compile(protos.get(i), context.at("requirements", i));
            if (member != null) {
                members.add(member);
            }
        }
        return List.copyOf(members);
    }
}
