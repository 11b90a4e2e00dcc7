# Gỡ giám sát khỏi máy này. Chạy bằng quyền quản trị. / Takes the agent's settings off this PC. Run as administrator.
$ErrorActionPreference = 'Stop'
Stop-Service osqueryd -ErrorAction SilentlyContinue
Unregister-ScheduledTask -TaskName 'VongGac facts' -Confirm:$false -ErrorAction SilentlyContinue
Remove-Item -Force (Join-Path $env:ProgramFiles 'osquery\osquery.flags') -ErrorAction SilentlyContinue
Remove-Item -Recurse -Force (Join-Path $env:ProgramData 'VongGac') -ErrorAction SilentlyContinue
Remove-Item -Recurse -Force 'HKLM:\SOFTWARE\VongGac' -ErrorAction SilentlyContinue
Write-Output 'Đã gỡ. Gỡ osquery trong "Apps & features" nếu không dùng nữa, và báo tỉnh thu hồi chứng chỉ của máy @PC@.'
