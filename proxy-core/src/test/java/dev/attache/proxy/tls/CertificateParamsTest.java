package dev.attache.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.tls.secret.CertificateParams;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsVersion;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CertificateParamsTest {
    private static final TlsParams SERVER = TlsParams.serverDefaults(List.of());
    private static final TlsParams CLIENT = TlsParams.clientDefaults(List.of());

    @Test
    void whatIsNotSaidIsTheContexts() {
        assertThat(CertificateParams.NONE.minVersion(SERVER)).isEqualTo(TlsVersion.TLS_1_2);
        assertThat(CertificateParams.NONE.maxVersion(SERVER)).isEqualTo(TlsVersion.TLS_1_3);
        assertThat(CertificateParams.NONE.problem(SERVER)).isNull();
    }

    @Test
    void versionsMustLeaveOne() {
        CertificateParams strict =
                new CertificateParams(TlsVersion.TLS_1_3, null, List.of(), List.of());
        assertThat(strict.problem(SERVER)).isNull();
        assertThat(strict.problem(CLIENT))
                .isEqualTo(
                        "Per-certificate tls_params: effective min protocol version exceeds"
                                + " effective max (considering inherited context bounds)");
    }

    @Test
    void contextsAreTunedOnlyWhereACertificateSaysSomething() {
        CertificateParams strict = new CertificateParams(null, null, List.of(), List.of("P-384"));
        assertThat(CertificateTuning.of(List.of(CertificateParams.NONE), SERVER)).isNull();
        assertThat(CertificateTuning.of(List.of(CertificateParams.NONE, strict), SERVER))
                .hasSize(2);
    }
}
