package dev.attache.agent.identity;

import java.io.IOException;
import java.io.StringWriter;
import java.security.KeyPair;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A request to sign (RFC 2986) as Istio's agent makes it: one empty organization for a subject, one
 * critical name of the workload. Stateless; any thread.
 */
public final class SigningRequest {

    private SigningRequest() {}

    /**
     * @param spiffe the workload's name, {@code spiffe://…}
     * @return PEM
     */
    public static String of(KeyPair key, String signature, String spiffe) {
        X500Name subject =
                new X500NameBuilder().addRDN(BCStyle.O, new DERPrintableString("")).build();
        try (StringWriter text = new StringWriter();
                PemWriter writer = new PemWriter(text)) {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName,
                    true,
                    new GeneralNames(
                            new GeneralName(GeneralName.uniformResourceIdentifier, spiffe)));
            byte[] request =
                    new JcaPKCS10CertificationRequestBuilder(subject, key.getPublic())
                            .addAttribute(
                                    PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                                    extensions.generate())
                            .build(new JcaContentSignerBuilder(signature).build(key.getPrivate()))
                            .getEncoded();
            writer.writeObject(new PemObject("CERTIFICATE REQUEST", request));
            writer.flush();
            return text.toString();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("no request for " + spiffe, e); // memory and own keys
        }
    }
}
