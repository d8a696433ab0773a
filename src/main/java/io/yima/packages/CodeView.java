package io.yima.packages;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One code, as the API shows it. */
@Schema(description = "One code.")
record CodeView(
    @Schema(description = "Its index within the application.", examples = "0") long codeIndex,
    @Schema(
            description = "What is printed as a QR code, as it is and without a scheme.",
            examples = "P.URL.CN/0U.JYJXP3HJI2C98A9O")
        String codeUrl,
    @Schema(
            description = "WeChat's row as it is: four columns, one of them the address.",
            examples = "0\t044GZ*J10\t0101\tP.URL.CN/0U.JYJXP3HJI2C98A9O")
        String row) {}
