# Cài đặt giám sát trạng thái an toàn của máy này (osquery, chỉ đọc). Chạy bằng quyền quản trị, trong thư mục của đúng máy này.
# Installs the read-only posture agent on this PC. Run as administrator from this PC's own folder. Windows PowerShell 5.1, no modules.
$ErrorActionPreference = 'Stop'
$here = Split-Path -Parent $MyInvocation.MyCommand.Path
$target = Join-Path $env:ProgramData 'VongGac'
$program = Join-Path $env:ProgramFiles 'osquery'

$me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { throw 'Hãy mở PowerShell bằng "Run as administrator" rồi chạy lại.' }

if (-not (Test-Path (Join-Path $program 'osqueryd\osqueryd.exe'))) {
    $msi = Get-ChildItem -Path $here, (Split-Path -Parent $here) -Filter 'osquery-*.msi' | Select-Object -First 1
    if (-not $msi) { throw 'Không thấy tệp osquery-*.msi: chép tệp cài đặt chính thức vào thư mục này rồi chạy lại.' }
    $signature = Get-AuthenticodeSignature $msi.FullName
    if ($signature.Status -ne 'Valid') { throw "Tệp $($msi.Name) không có chữ ký số hợp lệ: không cài." }
    $done = Start-Process msiexec.exe -ArgumentList '/i', "`"$($msi.FullName)`"", '/qn', '/norestart' -Wait -PassThru
    if ($done.ExitCode -ne 0 -and $done.ExitCode -ne 3010) { throw "Cài osquery không thành công, mã $($done.ExitCode)." }
}

New-Item -ItemType Directory -Force -Path $target | Out-Null
# SIDs, not names: on a Vietnamese Windows the groups have other names. Only SYSTEM and administrators read the key.
& icacls.exe $target /inheritance:r /grant '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
foreach ($name in 'ca.pem', 'pc.pem', 'pc.key', 'enroll_secret') { Copy-Item -Force (Join-Path $here $name) (Join-Path $target $name) }
Copy-Item -Force (Join-Path $here 'osquery.flags') (Join-Path $program 'osquery.flags')

$facts = Join-Path $here 'vg-facts.ps1'
if (Test-Path $facts) {
    Copy-Item -Force $facts (Join-Path $target 'vg-facts.ps1')
    Copy-Item -Force (Join-Path $here 'vg-facts.json') (Join-Path $target 'vg-facts.json')
    # Twice a working day and at logon; it reads, and writes counts and switches to HKLM\SOFTWARE\VongGac\Facts for osquery to read.
    $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument "-NoProfile -NonInteractive -ExecutionPolicy AllSigned -File `"$target\vg-facts.ps1`" -Task"
    if ((Get-AuthenticodeSignature $facts).Status -ne 'Valid') {
        $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$target\vg-facts.ps1`" -Task"
    }
    $times = @((New-ScheduledTaskTrigger -Daily -At '08:15'), (New-ScheduledTaskTrigger -Daily -At '14:15'), (New-ScheduledTaskTrigger -AtStartup))
    $system = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -RunLevel Highest
    $manner = New-ScheduledTaskSettingsSet -StartWhenAvailable -ExecutionTimeLimit (New-TimeSpan -Minutes 5)
    Register-ScheduledTask -TaskName 'VongGac facts' -Action $action -Trigger $times -Principal $system -Settings $manner -Force | Out-Null
}

Restart-Service osqueryd
Write-Output 'Xong. Trong vòng 5 phút máy @PC@ sẽ có trên trang "Máy tính" của hộp Vọng Gác.'
