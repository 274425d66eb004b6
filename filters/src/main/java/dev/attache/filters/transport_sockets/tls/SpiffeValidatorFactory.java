package dev.attache.filters.transport_sockets.tls;

import dev.attache.config.Compiled;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.tls.secret.TrustDomains;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SPIFFECertValidatorConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks peers by the bundle of their trust domain. */
public final class SpiffeValidatorFactory
        implements ExtensionCompiler<SPIFFECertValidatorConfig, TrustDomains> {
    @Override
    public SPIFFECertValidatorConfig prototype() {
        return SPIFFECertValidatorConfig.getDefaultInstance();
    }

    @Override
    public Compiled<TrustDomains> compile(SPIFFECertValidatorConfig proto, CompileContext context) {
        List<TrustDomains.Domain> domains = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < proto.getTrustDomainsCount(); i++) {
            var domain = proto.getTrustDomains(i);
            CompileContext at = context.at("trust_domains", i);
            if (!names.add(domain.getName())) {
                at.error(
                        "Multiple trust bundles are given for one trust domain for "
                                + domain.getName()
                                + ", workload: ");
            }
            int before = context.diagnostics().errorCount();
            byte[] bundle = DataSources.bytes(domain.getTrustBundle(), at.at("trust_bundle"));
            if (bundle == null) {
                if (context.diagnostics().errorCount() == before) {
                    at.error("Failed to load trusted CA certificate for " + domain.getName());
                }
                continue;
            }
            domains.add(
                    new TrustDomains.Domain(
                            domain.getName(), bundle, DataSources.name(domain.getTrustBundle())));
        }
        return context.result(new TrustDomains(domains));
    }
}
