package io.yima.wechat;

/**
 * What codes are bound to when they are activated [M4].
 *
 * @param productCode the product's EAN bar code
 * @param wxaAppid the mini program that a scan opens
 * @param wxaPath its page
 * @param wxaType 0: the released mini program, 1: its development version, 2: its trial version
 */
public record CodeBinding(
    String activityName,
    String productBrand,
    String productTitle,
    String productCode,
    String wxaAppid,
    String wxaPath,
    int wxaType) {}
