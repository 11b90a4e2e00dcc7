# vg-facts: reads what osquery cannot read on Windows. Windows PowerShell 5.1, .NET Framework 4.6 or later, no further modules. It changes nothing but its own output.
#   -Task    as SYSTEM by the scheduled task: writes counts and switches to HKLM:\SOFTWARE\VongGac\Facts, which osquery reads (collector/catalogue/facts.toml)
#   -Bundle  from an inspection stick: writes one encrypted, signed, numbered file to the stick, nothing to the PC (docs/bundles.md)
# Không đọc mật khẩu, nội dung tệp, lịch sử web. Tên tệp, tên tài khoản, địa chỉ thư chỉ được so và đếm ngay trên máy, không gửi đi.
[CmdletBinding()]
param([switch]$Task, [switch]$Bundle)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
$lists = Get-Content -Raw -Encoding UTF8 (Join-Path $here 'vg-facts.json') | ConvertFrom-Json
$epoch = New-Object DateTime 1970, 1, 1, 0, 0, 0, ([DateTimeKind]::Utc)
$facts = New-Object System.Collections.Specialized.OrderedDictionary

function Get-Seconds([DateTime]$when) { [long][Math]::Floor(($when.ToUniversalTime() - $epoch).TotalSeconds) }
function Get-Day([DateTime]$when) { [long][Math]::Floor(((Get-Seconds $when) + 25200) / 86400) }
# A value that cannot be read is not written: absent is unknown, never 0.
function Read-Fact([scriptblock]$read) { try { & $read } catch { Write-Verbose $_.Exception.Message } }
function Get-Value([string]$key, [string]$name) {
    try { (Get-ItemProperty -LiteralPath "Registry::HKEY_LOCAL_MACHINE\$key" -Name $name).$name } catch { $null }
}

function Get-Homes {
    # By the list of profiles, not by C:\Users: a profile may be elsewhere, and service accounts have none of interest.
    Get-ChildItem 'Registry::HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList' |
        Where-Object { $_.PSChildName -like 'S-1-5-21-*' -or $_.PSChildName -like 'S-1-12-1-*' } |
        ForEach-Object { $_.GetValue('ProfileImagePath') } | Where-Object { $_ -and (Test-Path -LiteralPath $_) }
}

function Test-Host([string]$name, $known) {
    foreach ($each in $known) { if ($name -eq $each -or $name.EndsWith(".$each")) { return $true } }
    return $false
}

function Read-Accounts {
    $enabled = @(Get-LocalUser | Where-Object { $_.Enabled })
    $facts['accounts.enabled'] = $enabled.Count
    $facts['accounts.generic'] = @($enabled | Where-Object { $lists.generic_accounts -contains ($_.Name.ToLowerInvariant().TrimEnd('0123456789 '.ToCharArray())) }).Count
    $facts['accounts.blank'] = @($enabled | Where-Object { -not $_.PasswordRequired }).Count
    $facts['accounts.unset'] = @($enabled | Where-Object { $null -eq $_.PasswordLastSet }).Count
}

function Read-Licence([string]$product, [string]$application) {
    $filter = "ApplicationID = '$application' AND PartialProductKey IS NOT NULL"
    $wanted = 'LicenseStatus', 'ProductKeyChannel', 'GracePeriodRemaining', 'KeyManagementServiceMachine', 'DiscoveredKeyManagementServiceMachineName'
    $found = @(Get-CimInstance -ClassName SoftwareLicensingProduct -Filter $filter -Property $wanted)
    if ($found.Count -eq 0) { if ($product -eq 'windows') { $facts['windows.status'] = 0 }; return }
    $best = @($found | Where-Object { $_.LicenseStatus -eq 1 }) + @($found | Sort-Object LicenseStatus -Descending) | Select-Object -First 1
    $facts["$product.status"] = [int]$best.LicenseStatus
    $facts["$product.channel"] = [string]$best.ProductKeyChannel
    if ($product -ne 'windows') { return }
    $facts['windows.left'] = [int]$best.GracePeriodRemaining
    $server = [string]$best.KeyManagementServiceMachine
    if (-not $server) { $server = [string]$best.DiscoveredKeyManagementServiceMachineName }
    $facts['windows.server'] = $server
}

function Read-Firefox {
    $government = 0; $others = 0; $synced = 0; $seen = $false
    foreach ($owner in Get-Homes) {
        foreach ($store in @(Get-ChildItem -Path (Join-Path $owner 'AppData\Roaming\Mozilla\Firefox\Profiles\*\logins.json') -ErrorAction SilentlyContinue)) {
            $seen = $true
            $logins = @((Get-Content -Raw -Encoding UTF8 -LiteralPath $store.FullName | ConvertFrom-Json).logins)
            $mine = @($logins | Where-Object { Test-Host (([Uri]$_.hostname).Host) $lists.government }).Count
            $government += $mine; $others += $logins.Count - $mine
            $settings = Join-Path $store.DirectoryName 'prefs.js'
            if ((Test-Path -LiteralPath $settings) -and (Select-String -LiteralPath $settings -SimpleMatch 'services.sync.username' -Quiet)) { $synced += $logins.Count }
        }
        if (Test-Path (Join-Path $owner 'AppData\Roaming\Mozilla\Firefox\Profiles')) { $seen = $true }
    }
    if (-not $seen) { return }
    $facts['firefox.government'] = $government; $facts['firefox.others'] = $others; $facts['firefox.synced'] = $synced
}

function Read-BrowserAccounts {
    foreach ($browser in $lists.browsers.PSObject.Properties) {
        $inside = 0; $outside = 0; $seen = $false
        foreach ($owner in Get-Homes) {
            $data = Join-Path $owner $browser.Value
            foreach ($file in @(Get-ChildItem -Path (Join-Path $data '*\Preferences') -ErrorAction SilentlyContinue)) {
                $seen = $true
                # Not ConvertFrom-Json: 5.1 fails on keys that differ by case alone, which browsers write.
                $text = [IO.File]::ReadAllText($file.FullName)
                $account = [regex]::Match($text, '"account_info"\s*:\s*\[\s*\{.*?"email"\s*:\s*"([^"@]+)@([^"]+)"', 'Singleline')
                if (-not $account.Success) { continue }
                if (Test-Host ($account.Groups[2].Value.ToLowerInvariant()) $lists.domains) { $inside += 1 } else { $outside += 1 }
            }
        }
        if ($seen) { $facts["$($browser.Name).inside"] = $inside; $facts["$($browser.Name).outside"] = $outside }
    }
}

function Read-Receiver {
    $capability = @(Get-WindowsCapability -Online -Name 'App.WirelessDisplay.Connect*')
    if ($capability.Count) { $facts['projecting.receiver'] = [int](@($capability | Where-Object { "$($_.State)" -eq 'Installed' }).Count -gt 0) }
}

function Read-Facts {
    Read-Fact { Read-Accounts }
    Read-Fact { Read-Licence 'windows' '55c92734-d682-4d71-983e-d6ec3f16059f' }
    Read-Fact { Read-Licence 'office' '0ff1ce15-a989-479d-af46-f275c6370663' }
    Read-Fact { Read-Firefox }
    Read-Fact { Read-BrowserAccounts }
    Read-Fact { Read-Receiver }
    $facts['contract'] = 1
    $facts['written'] = Get-Seconds ([DateTime]::UtcNow)
}

function Write-Facts {
    $key = 'HKLM:\SOFTWARE\VongGac\Facts'
    # Made anew: a value that could not be read today must not stand there from yesterday.
    if (Test-Path $key) { Remove-Item -Path $key -Recurse -Force }
    New-Item -Path $key -Force | Out-Null
    foreach ($name in $facts.Keys) {
        $value = $facts[$name]
        $kind = if ($value -is [string]) { 'String' } elseif ($name -eq 'written') { 'QWord' } else { 'DWord' }
        New-ItemProperty -Path $key -Name $name -Value $value -PropertyType $kind -Force | Out-Null
    }
}

function Get-Fact([string]$name) { if ($facts.Contains($name)) { $facts[$name] } else { '' } }
function Get-Text($value) { if ($null -eq $value) { '' } else { [string]$value } }

# One topic: rows with the columns that the catalogue's query of that name gives back.
function Get-Topic([scriptblock]$read) {
    try { @{ status = 0; rows = @(& $read) } } catch { @{ status = 1; rows = @() } }
}

function Get-Machine {
    $system = Get-CimInstance Win32_OperatingSystem; $computer = Get-CimInstance Win32_ComputerSystem
    $cpu = @(Get-CimInstance Win32_Processor); $current = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    @{ platform = 'windows'; product = $system.Caption; edition = Get-Text (Get-Value $current 'EditionID'); installation = Get-Text (Get-Value $current 'InstallationType')
        build = $system.BuildNumber; revision = Get-Text (Get-Value $current 'UBR'); arch = $env:PROCESSOR_ARCHITECTURE; installed = Get-Day $system.InstallDate
        cpu = $cpu[0].Name; cores = ($cpu | Measure-Object NumberOfCores -Sum).Sum; memory = [long][Math]::Floor($computer.TotalPhysicalMemory / 1048576)
        vendor = $computer.Manufacturer; model = $computer.Model; uuid = (Get-CimInstance Win32_ComputerSystemProduct).UUID; serial = (Get-CimInstance Win32_BIOS).SerialNumber }
}

function Get-Cards {
    $cards = @(Get-CimInstance Win32_NetworkAdapter -Filter 'PhysicalAdapter = TRUE' | Where-Object { $_.MACAddress })
    foreach ($card in $cards) { if (-not (Test-Word $card.Description $lists.virtual_cards)) { @{ mac = $card.MACAddress.ToLowerInvariant(); looked = 0 } } }
    @{ mac = ''; looked = @(Get-CimInstance Win32_NetworkAdapter).Count }
}

function Test-Word([string]$text, $words) {
    foreach ($word in $words) { if ($text -like "*$word*") { return $true } }
    return $false
}

function Get-Antivirus {
    # productState: 0x1000 on, 0x2000 snoozed, 0x3000 expired; 0x10 signatures old.
    $states = @{ 0 = 'Off'; 1 = 'On'; 2 = 'Snoozed'; 3 = 'Expired' }
    $products = @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName AntiVirusProduct)
    if ($products.Count -eq 0) { @{ name = ''; state = ''; fresh = ''; center = 'Poor' } }
    foreach ($each in $products) {
        $state = $states[[int](($each.productState -shr 12) -band 0xF)]
        @{ name = $each.displayName; state = Get-Text $state; fresh = [int](($each.productState -band 0x10) -eq 0); center = '' }
    }
}

function Get-Winlogon {
    $key = 'SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon'
    @{ automatic = Get-Text (Get-Value $key 'AutoAdminLogon'); stored = [int]((Get-Text (Get-Value $key 'DefaultPassword')).Length -gt 0); looked = 1 }
}

function Get-FirewallState {
    $policies = 'SOFTWARE\Policies\Microsoft\WindowsFirewall'; $own = 'SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy'
    $row = @{ center = '' }
    foreach ($profile in @(@('domain', 'DomainProfile', 'DomainProfile'), @('private', 'PrivateProfile', 'StandardProfile'), @('public', 'PublicProfile', 'PublicProfile'))) {
        $set = Get-Value "$policies\$($profile[1])" 'EnableFirewall'
        if ($null -eq $set) { $set = Get-Value "$own\$($profile[2])" 'EnableFirewall' }
        $row[$profile[0]] = Get-Text $set
    }
    $row
}

function Get-RemoteDesktop {
    $server = 'SYSTEM\CurrentControlSet\Control\Terminal Server'
    @{ denied = Get-Text (Get-Value $server 'fDenyTSConnections'); nla = Get-Text (Get-Value "$server\WinStations\RDP-Tcp" 'UserAuthentication')
        assistance = Get-Text (Get-Value 'SYSTEM\CurrentControlSet\Control\Remote Assistance' 'fAllowToGetHelp')
        listening = @(Get-NetTCPConnection -State Listen -LocalPort 3389 -ErrorAction SilentlyContinue).Count; ports = @(Get-NetTCPConnection -State Listen).Count }
}

function Get-UpdateControl {
    $types = @{ 2 = 'AUTO_START'; 3 = 'DEMAND_START'; 4 = 'DISABLED' }; $policy = 'SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
    @{ wuauserv = Get-Text $types[[int](Get-Value 'SYSTEM\CurrentControlSet\Services\wuauserv' 'Start')]
        usosvc = Get-Text $types[[int](Get-Value 'SYSTEM\CurrentControlSet\Services\UsoSvc' 'Start')]
        no_auto = Get-Text (Get-Value "$policy\AU" 'NoAutoUpdate'); no_access = Get-Text (Get-Value $policy 'DisableWindowsUpdateAccess'); looked = 1 }
}

function Get-Control {
    $removable = 'SOFTWARE\Policies\Microsoft\Windows\RemovableStorageDevices'; $restrict = 'SOFTWARE\Policies\Microsoft\Windows\DeviceInstall\Restrictions'
    $denied = @('Deny_Read', 'Deny_Write', 'Deny_Execute' | ForEach-Object { Get-Value "$removable\{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}" $_ } | Where-Object { $null -ne $_ })
    $limits = @('DenyRemovableDevices', 'DenyUnspecified', 'DenyDeviceClasses', 'DenyDeviceIDs' | ForEach-Object { Get-Value $restrict $_ } | Where-Object { $null -ne $_ })
    @{ start = Get-Text (Get-Value 'SYSTEM\CurrentControlSet\Services\USBSTOR' 'Start'); deny_all = Get-Text (Get-Value $removable 'Deny_All')
        deny_disk = Get-Text ($denied | Sort-Object -Descending | Select-Object -First 1); restrict = Get-Text ($limits | Sort-Object -Descending | Select-Object -First 1)
        write_protect = Get-Text (Get-Value 'SYSTEM\CurrentControlSet\Control\StorageDevicePolicies' 'WriteProtect')
        autorun = Get-Text (Get-Value 'SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\Explorer' 'NoDriveTypeAutoRun') }
}

function Get-Patches {
    $days = @(Get-CimInstance Win32_QuickFixEngineering | Where-Object { $_.InstalledOn -and $_.Description -eq 'Security Update' } | ForEach-Object { Get-Day $_.InstalledOn })
    @{ history = ''; patched = Get-Text ($days | Sort-Object -Descending | Select-Object -First 1); looked = @(Get-CimInstance Win32_QuickFixEngineering).Count }
}

function Get-Documents {
    $places = @(@('desktop', 'Desktop', $true), @('downloads', 'Downloads', $true), @('documents', 'Documents', $true), @('pictures', 'Pictures', $true),
        @('zalo', 'Documents\Zalo Received Files', $false), @('scanner', 'Documents\Scan*', $false), @('scanner', 'Pictures\Scan*', $false))
    $found = @{}
    foreach ($owner in Get-Homes) {
        foreach ($place in $places) {
            # Two levels, names compared here and forgotten.
            $files = @(Get-ChildItem -Path (Join-Path $owner "$($place[1])\*"), (Join-Path $owner "$($place[1])\*\*") -File -ErrorAction SilentlyContinue)
            foreach ($file in $files) {
                if ($place[2] -and ($file.DirectoryName -like '*\Zalo Received Files*' -or $file.DirectoryName -like '*\Scan*')) { continue }
                if ($lists.document_endings -notcontains $file.Extension.ToLowerInvariant()) { continue }
                $named = (Test-Word ($file.Name.ToLowerInvariant()) $lists.document_words) -or $file.Name -match '(^|\D)0\d{11}(\D|$)'
                if ($place[2] -and -not $named) { continue }
                $day = Get-Day $file.LastWriteTimeUtc
                $row = $found[$place[0]]
                if (-not $row) { $row = $found[$place[0]] = @{ place = $place[0]; count = 0; bytes = [long]0; oldest = $day; newest = $day } }
                $row.count += 1; $row.bytes += $file.Length
                $row.oldest = [Math]::Min($row.oldest, $day); $row.newest = [Math]::Max($row.newest, $day)
            }
        }
    }
    foreach ($row in $found.Values) { @{ place = $row.place; count = $row.count; size = [long][Math]::Ceiling($row.bytes / 1048576); oldest = $row.oldest; newest = $row.newest; looked = 0 } }
    @{ place = ''; count = 0; size = 0; oldest = 0; newest = 0; looked = @(Get-Homes).Count }
}

function Get-Results {
    @{
        machine = Get-Topic { Get-Machine }; interfaces = Get-Topic { Get-Cards }; antivirus = Get-Topic { Get-Antivirus }; auto_logon = Get-Topic { Get-Winlogon }
        firewall = Get-Topic { Get-FirewallState }; remote_desktop = Get-Topic { Get-RemoteDesktop }; update_control = Get-Topic { Get-UpdateControl }
        peripheral_control = Get-Topic { Get-Control }; updates = Get-Topic { Get-Patches }; documents = Get-Topic { Get-Documents }
        accounts = Get-Topic { @{ used = ''; generic = Get-Fact 'accounts.generic'; named_generic = Get-Fact 'accounts.generic'; enabled = Get-Fact 'accounts.enabled'
                blank = Get-Fact 'accounts.blank'; unset = Get-Fact 'accounts.unset'; written = Get-Fact 'written' } }
        licence = Get-Topic { @{ windows = Get-Fact 'windows.status'; windows_channel = Get-Fact 'windows.channel'; office = Get-Fact 'office.status'
                office_channel = Get-Fact 'office.channel'; server = Get-Fact 'windows.server'; left = Get-Fact 'windows.left'; written = Get-Fact 'written' } }
        browser_accounts = Get-Topic { foreach ($name in $lists.browsers.PSObject.Properties.Name) {
                if ($facts.Contains("$name.inside")) { @{ browser = $name; inside = Get-Fact "$name.inside"; outside = Get-Fact "$name.outside"; written = 0 } } }
            @{ browser = ''; inside = 0; outside = 0; written = Get-Fact 'written' } }
    }
}

function Get-Hash([byte[]]$data) { -join ([Security.Cryptography.SHA256]::Create().ComputeHash($data) | ForEach-Object { $_.ToString('x2') }) }

function Write-Bundle {
    $settings = Get-Content -Raw -Encoding UTF8 (Join-Path $here 'stick.json') | ConvertFrom-Json
    $counter = Join-Path $here 'number.txt'
    $number = 1; if (Test-Path $counter) { $number = [int](Get-Content $counter) + 1 }
    Set-Content -Path $counter -Value $number -Encoding ASCII
    $made = Get-Seconds ([DateTime]::UtcNow)
    $guid = Get-Text (Get-Value 'SOFTWARE\Microsoft\Cryptography' 'MachineGuid')
    $machine = Get-Hash ([Text.Encoding]::UTF8.GetBytes("$guid|$((Get-CimInstance Win32_ComputerSystemProduct).UUID)"))
    $answers = @{ host = ''; collected_at = $made; tool = 'vg-facts'; tool_version = '1'; catalogue_version = [string]$lists.version; results = Get-Results }
    $json = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json @{ machine = $machine; answers = $answers } -Depth 8 -Compress))
    $packed = New-Object IO.MemoryStream; $gzip = New-Object IO.Compression.GZipStream $packed, ([IO.Compression.CompressionMode]::Compress)
    $gzip.Write($json, 0, $json.Length); $gzip.Dispose()
    $aes = [Security.Cryptography.Aes]::Create(); $aes.KeySize = 256; $aes.Mode = 'CBC'; $aes.Padding = 'PKCS7'; $aes.GenerateKey(); $aes.GenerateIV()
    $plain = $packed.ToArray(); $body = $aes.CreateEncryptor().TransformFinalBlock($plain, 0, $plain.Length)
    $recipient = New-Object Security.Cryptography.RSACng; $recipient.FromXmlString((Get-Content -Raw (Join-Path $here 'recipient.xml')))
    $key = $recipient.Encrypt($aes.Key, [Security.Cryptography.RSAEncryptionPadding]::OaepSHA256)
    $own = New-Object Security.Cryptography.RSACng; $own.FromXmlString((Get-Content -Raw (Join-Path $here 'stick.xml')))
    $expires = $made + 86400 * [long]$settings.days
    $said = @('vonggac-bundle/1', $settings.stick, $number, $made, $expires, (Get-Hash $key), (Get-Hash $aes.IV), (Get-Hash $body)) -join "`n"
    $signature = $own.SignData([Text.Encoding]::UTF8.GetBytes($said), [Security.Cryptography.HashAlgorithmName]::SHA256, [Security.Cryptography.RSASignaturePadding]::Pss)
    $whole = [ordered]@{ format = 'vonggac-bundle/1'; stick = $settings.stick; number = $number; made = $made; expires = $expires
        key = [Convert]::ToBase64String($key); iv = [Convert]::ToBase64String($aes.IV); body = [Convert]::ToBase64String($body); signature = [Convert]::ToBase64String($signature) }
    $file = Join-Path $here ('goi-{0:D5}.vgb' -f $number)
    [IO.File]::WriteAllText($file, (ConvertTo-Json $whole -Compress))
    Write-Output "Xong: $file. Chỉ tỉnh mở được tệp này."
}

if ($Task -eq $Bundle) { throw 'Chọn một trong hai: -Task (ghi cho osquery đọc) hoặc -Bundle (ghi gói ra USB).' }
Read-Facts
if ($Task) { Write-Facts } else { Write-Bundle }
